using System.Net.Sockets;
using ProxyCore.Bench.Chaos.Reckoning;
using ProxyCore.Bench.Chaos.Transfers;

namespace ProxyCore.Bench.Chaos.Stage;

/// <summary>One connection from the proxy to a server: a transfer, or a health check.</summary>
internal sealed class Visit(Socket socket, RouteScenario route, Ledger ledger, Tally tally) : IDisposable
{
    internal const string FinWithoutByte = "connections to servers that a FIN ended before any byte";
    internal const string CutHeader = "headers of transfers that a FIN cut";
    internal const string Belated = "connections to servers of transfers that had ended long before";

    private static readonly byte[] _ping = "PING\r\n"u8.ToArray();
    private static readonly byte[] _pong = "+PONG\r\n"u8.ToArray();

    private volatile bool _isKilled;

    /// <summary>Serves it to its end.</summary>
    internal async Task ServeAsync(CancellationToken patience)
    {
        (TransferPlan? plan, long sent, long received) = await ReadHeadAsync(patience);
        if (plan is null)
        {
            return;
        }

        if (ledger.Find(plan.Number) is not { } account)
        {
            tally.Add(Belated);
            return;
        }

        account.AddServer(route.Name);
        using var end = new TransferSocket(socket, plan.Number, isClient: false, plan.ServerPause);
        EndOfTransfer how = await PlayAsync(end, plan, patience);
        account.Server = new EndReport(_isKilled ? EndOfTransfer.Killed : how, end.Sent + sent, end.Received + received);
    }

    /// <summary>Resets the connection. Safe on any thread.</summary>
    internal void Kill()
    {
        _isKilled = true;
        socket.Close(0);
    }

    public void Dispose() => socket.Dispose();

    private static async Task<EndOfTransfer> PlayAsync(TransferSocket end, TransferPlan plan, CancellationToken patience)
    {
        try
        {
            return await TransferEnds.PlayServerAsync(end, plan, patience);
        }
        catch (Exception exception) when (TransferEnds.Explain(exception) is not null)
        {
            return TransferEnds.Explain(exception)!.Value;
        }
    }

    // A connection that is no transfer is a health check: it sends PING, or nothing.
    private async Task<(TransferPlan? Plan, long Sent, long Received)> ReadHeadAsync(CancellationToken patience)
    {
        try
        {
            if (route.SpeaksFirst)
            {
                await Head.SendAsync(socket, Banner.Bytes, patience);
            }

            ReadOnlyMemory<byte> bytes = await Head.ReceiveAsync(socket, TransferPlan.HeaderBytes, _ping, patience);
            if (bytes.Span.SequenceEqual(_ping))
            {
                await Head.SendAsync(socket, _pong, patience);
                await Head.ReceiveAsync(socket, 1, _ping, patience);
            }
            else if (TransferPlan.FromHeader(bytes.Span) is { } plan)
            {
                return (plan, route.SpeaksFirst ? Banner.Bytes.Length : 0, bytes.Length);
            }
            else
            {
                tally.Add(bytes.Length == 0 ? FinWithoutByte : CutHeader);
                return default;
            }
        }
        catch (Exception exception) when (TransferEnds.Explain(exception) is not null)
        {
            // A reset, as checks end, and clients that leave at once.
        }

        tally.Add("checks and clients that left at once, at servers");
        return default;
    }
}
