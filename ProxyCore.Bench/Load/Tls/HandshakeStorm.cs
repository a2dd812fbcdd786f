using System.Diagnostics;
using System.Net;

namespace ProxyCore.Bench.Load.Tls;

/// <summary>
/// Full TLS handshakes at a fixed rate, each with one request and its answer, on threads of the pool: another thread
/// measures meanwhile.
/// </summary>
/// <param name="target">The TLS listener.</param>
/// <param name="rate">Handshakes a second.</param>
/// <param name="done">Called after each answer, on any thread.</param>
/// <param name="failed">Called for each connection that fails, on any thread.</param>
internal sealed class HandshakeStorm(IPEndPoint target, int rate, Action done, Action<Exception> failed)
{
    // A proxy that is slower than the rate leaves connections open: those above this number are left out.
    private const int MostOpen = 200;

    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(1);

    private readonly TlsAgreement _agreement = new();
    private int _open;

    /// <summary>What the connections negotiated; null before the first.</summary>
    internal string? Negotiated => _agreement.Negotiated;

    internal void Start() => _ = Task.Run(RunAsync);

    private async Task RunAsync()
    {
        try
        {
            var client = TlsClient.Full(target, _agreement);
            Exchange exchange = await client.LearnAsync(Requests.Of(LoadKind.TlsConnect)).ConfigureAwait(false);
            await BeginVisitsAsync(client, exchange).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failed(exception);
        }
    }

    private async Task BeginVisitsAsync(TlsClient client, Exchange exchange)
    {
        long start = Stopwatch.GetTimestamp();
        using var ticks = new PeriodicTimer(_tick);
        for (long begun = 0; await ticks.WaitForNextTickAsync().ConfigureAwait(false);)
        {
            long due = (long)(Stopwatch.GetElapsedTime(start).TotalSeconds * rate);
            for (; begun < due; begun++)
            {
                if (Interlocked.Increment(ref _open) <= MostOpen)
                {
                    _ = VisitAsync(client, exchange);
                }
                else
                {
                    Interlocked.Decrement(ref _open);
                }
            }
        }
    }

    private async Task VisitAsync(TlsClient client, Exchange exchange)
    {
        try
        {
            await TlsVisit.AskOnceAsync(client, exchange).ConfigureAwait(false);
            done();
        }
        catch (Exception exception)
        {
            failed(exception);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
