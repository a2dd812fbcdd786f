using System.Diagnostics;
using System.Net.Sockets;
using ProxyCore.Connections.Dialing;
using ProxyCore.Loop;
using ProxyCore.Relay;

namespace ProxyCore.Bench.Load;

/// <summary>A connection for one request: connect, ask, read to the end, close, and begin anew.</summary>
internal sealed class ShortConnection : Watched
{
    private readonly LoadRun _run;
    private readonly long _began = Stopwatch.GetTimestamp();
    private long _received;

    private ShortConnection(LoadRun run, Socket socket)
        : base(socket, run) =>
        _run = run;

    internal static void Start(LoadRun run)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        SocketError error = ConnectCall.Begin(socket, run.Target);
        if (error is not (SocketError.Success or SocketError.InProgress))
        {
            throw new InvalidOperationException($"a connection could not be made: {error}");
        }

        run.Loop.Attach(new ShortConnection(run, socket), Interest.Connect);
    }

    internal override void OnReady(Interest ready)
    {
        if (ready == Interest.Write)
        {
            Send();
            return;
        }

        TransferResult result = SocketTransfer.Receive(Socket, _run.Buffer, out int count);
        if (result is TransferResult.WouldBlock or TransferResult.TryAgain)
        {
            return;
        }

        _received += count;
        _run.CountBytes(count);
        if (result != TransferResult.Success || _received > _run.Exchange.Length)
        {
            throw new InvalidOperationException($"a connection failed: {result} after {_received} bytes");
        }

        if (count == 0)
        {
            Finish();
        }
    }

    private void Send()
    {
        _run.Loop.SetInterest(this, Interest.Read);
        byte[] request = _run.Exchange.NextRequest();
        TransferResult result = SocketTransfer.Send(Socket, request, out int count);
        if (result != TransferResult.Success || count < request.Length)
        {
            throw new InvalidOperationException($"a connection could not be made: {result}");
        }
    }

    private void Finish()
    {
        if (_received != _run.Exchange.Length)
        {
            throw new InvalidOperationException($"an answer has {_received} bytes instead of {_run.Exchange.Length}");
        }

        _run.CountAnswer(_began);
        _run.Loop.Detach(this);
        Socket.Dispose();
        Start(_run);
    }
}
