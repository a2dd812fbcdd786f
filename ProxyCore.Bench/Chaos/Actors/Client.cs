using System.Net;
using System.Net.Sockets;
using ProxyCore.Bench.Chaos.Reckoning;
using ProxyCore.Bench.Chaos.Stage;
using ProxyCore.Bench.Chaos.Transfers;

namespace ProxyCore.Bench.Chaos.Actors;

/// <summary>The client of a transfer.</summary>
internal static class Client
{
    // Longer than any wait in the configuration of the run, so that the proxy is the first to give up.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <summary>Plays it from the connect to the end, and tells the account how it ended.</summary>
    /// <param name="route">Where it connects.</param>
    /// <param name="account">Its account.</param>
    /// <param name="ledger">Counts it once it is connected.</param>
    /// <param name="connected">Set when it is connected or never will be.</param>
    internal static async Task PlayAsync(ChaosRoute route, Account account, Ledger ledger, TaskCompletionSource? connected = null)
    {
        using var patience = new CancellationTokenSource(_patience);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        TransferPlan plan = account.Plan;
        bool pausesReads = plan.Kind is not (TransferKind.Requests or TransferKind.ClientLeaves);
        using var end = new TransferSocket(socket, plan.Number, isClient: true, pausesReads ? plan.ClientPause : 0);
        (int troubles, int closings, bool wasAway) = (route.Troubles, route.Closings, route.IsAway);
        EndOfTransfer how;
        try
        {
            socket.Bind(new IPEndPoint(ClientAddress.Of(plan.Number), 0));
            await ConnectAsync(socket, route.EndPoint, ledger, patience.Token);
            connected?.TrySetResult();
            await end.SendAsync(plan.ToHeader(), patience.Token);
            if (route.Scenario.SpeaksFirst && plan.Kind != TransferKind.ClientLeaves)
            {
                await end.ReceiveAsync(Banner.Bytes, patience.Token);
            }

            how = await TransferEnds.PlayClientAsync(end, plan, patience.Token);
        }
        catch (Exception exception) when (TransferEnds.Explain(exception) is not null)
        {
            how = TransferEnds.Explain(exception)!.Value;
        }

        connected?.TrySetResult();
        account.MetUpstreamTrouble = troubles != route.Troubles;
        account.MetClosedEndpoint = wasAway || route.IsAway || closings != route.Closings;
        account.Client = new EndReport(how, end.Sent, end.Received);
    }

    // A client that is reset at once was connected all the same, though its connect reports only the reset.
    private static async Task ConnectAsync(Socket socket, IPEndPoint endPoint, Ledger ledger, CancellationToken patience)
    {
        try
        {
            await socket.ConnectAsync(endPoint, patience);
        }
        catch (SocketException exception) when (exception.SocketErrorCode != SocketError.ConnectionRefused)
        {
            ledger.CountConnected();
            throw;
        }

        ledger.CountConnected();
    }
}
