using System.Net.Sockets;

namespace ProxyCore.Bench.Chaos.Transfers;

/// <summary>Plays the two ends of a transfer, from after the header and the banner to the end.</summary>
internal static class TransferEnds
{
    internal static async Task<EndOfTransfer> PlayClientAsync(TransferSocket socket, TransferPlan plan, CancellationToken patience)
    {
        switch (plan.Kind)
        {
            case TransferKind.Requests:
                await RequestAsync(socket, plan, patience);
                break;
            case TransferKind.ClientFinishesFirst:
                await SendAllAsync(socket, plan.Up, patience);
                await ReceiveAllAsync(socket, plan.Down, patience);
                break;
            case TransferKind.ServerFinishesFirst:
                await ReceiveAllAsync(socket, plan.Down, patience);
                await SendAllAsync(socket, plan.Up, patience);
                break;
            case TransferKind.ClientResets:
                await Task.WhenAll(socket.SendAsync(plan.Up / 2, patience), socket.ReceiveAsync(plan.Down / 2, patience));
                return Leave(socket);
            case TransferKind.ClientLeaves:
                await Task.Delay(plan.ClientPause, patience);
                return Leave(socket);
            default:
                await BothAsync(SendAllAsync(socket, plan.Up, patience), ReceiveAllAsync(socket, plan.Down, patience));
                break;
        }

        return EndOfTransfer.Whole;
    }

    internal static async Task<EndOfTransfer> PlayServerAsync(TransferSocket socket, TransferPlan plan, CancellationToken patience)
    {
        switch (plan.Kind)
        {
            case TransferKind.Requests:
                await AnswerAsync(socket, plan, patience);
                break;
            case TransferKind.ClientFinishesFirst:
                await ReceiveAllAsync(socket, plan.Up, patience);
                await SendAllAsync(socket, plan.Down, patience);
                break;
            case TransferKind.ServerFinishesFirst:
                await SendAllAsync(socket, plan.Down, patience);
                await ReceiveAllAsync(socket, plan.Up, patience);
                break;
            case TransferKind.ServerResets:
                await Task.WhenAll(socket.SendAsync(plan.Down / 2, patience), socket.ReceiveAsync(plan.Up / 2, patience));
                return Leave(socket);
            default:
                await BothAsync(SendAllAsync(socket, plan.Down, patience), ReceiveAllAsync(socket, plan.Up, patience));
                break;
        }

        return EndOfTransfer.Whole;
    }

    /// <summary>What <paramref name="exception"/> means for the end that met it; null when it is no end of a transfer.</summary>
    internal static EndOfTransfer? Explain(Exception exception) => exception switch
    {
        BrokenTransferException broken => broken.End,
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => EndOfTransfer.Refused,
        SocketException or ObjectDisposedException => EndOfTransfer.Reset,
        OperationCanceledException => EndOfTransfer.Stalled,
        _ => null,
    };

    private static async Task RequestAsync(TransferSocket socket, TransferPlan plan, CancellationToken patience)
    {
        for (int round = 0; round < plan.Rounds; round++)
        {
            await Task.Delay(plan.ClientPause, patience);
            await socket.SendAsync(plan.Up / plan.Rounds, patience);
            await socket.ReceiveAsync(plan.Down / plan.Rounds, patience);
        }

        socket.Finish();
        await socket.ReceiveFinAsync(patience);
    }

    private static async Task AnswerAsync(TransferSocket socket, TransferPlan plan, CancellationToken patience)
    {
        for (int round = 0; round < plan.Rounds; round++)
        {
            await socket.ReceiveAsync(plan.Up / plan.Rounds, patience);
            await socket.SendAsync(plan.Down / plan.Rounds, patience);
        }

        await socket.ReceiveFinAsync(patience);
        socket.Finish();
    }

    private static async Task SendAllAsync(TransferSocket socket, long count, CancellationToken patience)
    {
        await socket.SendAsync(count, patience);
        socket.Finish();
    }

    private static async Task ReceiveAllAsync(TransferSocket socket, long count, CancellationToken patience)
    {
        await socket.ReceiveAsync(count, patience);
        await socket.ReceiveFinAsync(patience);
    }

    // The receiving end knows more of how it ended than the sending one, which sees a reset in any case.
    private static async Task BothAsync(Task sending, Task receiving)
    {
        await receiving;
        await sending;
    }

    private static EndOfTransfer Leave(TransferSocket socket)
    {
        socket.Reset();
        return EndOfTransfer.Left;
    }
}
