using System.Diagnostics;
using System.Net;
using System.Net.Security;

namespace ProxyCore.Bench.Load.Tls;

/// <summary>
/// The load generator over TLS: SslStream, on threads of the pool. It takes more of the processor than the proxies do,
/// so only the proxy's own processor time and memory are to be compared.
/// </summary>
internal sealed class TlsRun
{
    private const int BulkBuffer = 64 * 1024;

    // The first connections pay for what a proxy allocates once; growth is counted over the others.
    private const int FirstIdlePart = 5;

    private readonly LoadPlan _plan;
    private readonly Action _measuring;
    private readonly IPEndPoint _target;
    private readonly TlsAgreement _agreement = new();
    private readonly TlsClient _client;
    private readonly LoadCounts _counts = new();
    private readonly Lock _countsLock = new();
    private readonly List<SslStream> _idle = [];
    private readonly TaskCompletionSource _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isOver;

    /// <param name="plan">What to do.</param>
    /// <param name="measuring">Called when it is warm and begins to measure.</param>
    internal TlsRun(LoadPlan plan, Action measuring)
    {
        _plan = plan;
        _measuring = measuring;
        _target = new IPEndPoint(IPAddress.Loopback, plan.Port);
        _client = TlsClient.Full(_target, _agreement);
    }

    /// <summary>Runs to its end. Busy connections then close after their last answer; idle ones stay open.</summary>
    /// <exception cref="InvalidOperationException">A connection failed, or an answer was wrong.</exception>
    internal async Task<LoadResult> RunAsync()
    {
        Exchange exchange = await _client.LearnAsync(Requests.Of(_plan.Kind));
        int early = _plan.Idle / FirstIdlePart;
        await OpenIdleAsync(exchange, early);
        for (int connection = 0; connection < _plan.Busy; connection++)
        {
            _ = WorkAsync(exchange, connection);
        }

        await WaitAsync(_plan.WarmUp);
        _measuring();
        WithCounts(static counts => counts.Begin());
        // The owner of this process reads the memory of the proxy meanwhile.
        await WaitAsync(_plan.Seconds / 2);
        await OpenIdleAsync(exchange, _plan.Idle - early);
        await WaitAsync(_plan.Seconds / 2);
        WithCounts(static counts => counts.End());
        _isOver = true;
        return _counts.Result(_agreement.Negotiated);
    }

    private async Task WaitAsync(double seconds)
    {
        Task time = Task.Delay(TimeSpan.FromSeconds(seconds));
        await await Task.WhenAny(time, _failure.Task);
    }

    private async Task OpenIdleAsync(Exchange exchange, int count)
    {
        for (int connection = 0; connection < count; connection++)
        {
            SslStream stream = await _client.OpenAsync();
            _idle.Add(stream);
            await TlsVisit.AskAsync(stream, exchange);
            WithCounts(static counts => counts.CountHandshake());
        }
    }

    private async Task WorkAsync(Exchange exchange, int number)
    {
        try
        {
            await (_plan.Kind switch
            {
                LoadKind.TlsConnect => VisitAsync(_client, exchange),
                LoadKind.TlsResume => VisitAsync(TlsClient.Resuming(_target, _agreement, number), exchange),
                LoadKind.TlsBulk => FetchAsync(exchange),
                _ => AskAsync(exchange),
            }).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _failure.TrySetException(exception);
        }
    }

    private async Task VisitAsync(TlsClient client, Exchange exchange)
    {
        while (!_isOver)
        {
            long began = Stopwatch.GetTimestamp();
            await TlsVisit.AskOnceAsync(client, exchange).ConfigureAwait(false);
            WithCounts(counts =>
            {
                counts.CountAnswer(began);
                counts.CountHandshake();
            });
        }
    }

    private async Task AskAsync(Exchange exchange)
    {
        await using SslStream stream = await _client.OpenAsync().ConfigureAwait(false);
        while (!_isOver)
        {
            long began = Stopwatch.GetTimestamp();
            await TlsVisit.AskAsync(stream, exchange).ConfigureAwait(false);
            WithCounts(counts => counts.CountAnswer(began));
        }
    }

    private async Task FetchAsync(Exchange exchange)
    {
        await using SslStream stream = await _client.OpenAsync().ConfigureAwait(false);
        byte[] buffer = new byte[BulkBuffer];
        while (!_isOver)
        {
            await stream.WriteAsync(exchange.Request).ConfigureAwait(false);
            for (long left = exchange.Length; left > 0 && !_isOver;)
            {
                int count = await stream.ReadAsync(buffer).ConfigureAwait(false);
                left -= count;
                if (count == 0 || left < 0)
                {
                    throw new InvalidOperationException(count == 0 ? "a transfer ended" : "more came than was asked for");
                }

                WithCounts(counts => counts.CountBytes(count));
            }
        }
    }

    private void WithCounts(Action<LoadCounts> count)
    {
        lock (_countsLock)
        {
            count(_counts);
        }
    }
}
