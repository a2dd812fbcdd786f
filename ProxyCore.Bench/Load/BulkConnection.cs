using System.Runtime.InteropServices;
using ProxyCore.Loop;
using ProxyCore.Relay;

namespace ProxyCore.Bench.Load;

/// <summary>A connection that fetches the large body again and again, and throws it away.</summary>
/// <remarks>
/// The kernel is told to drop the bytes (MSG_TRUNC, tcp(7)) instead of copying them: so the generator takes less of
/// the two cores, and the proxy is what limits.
/// </remarks>
internal sealed partial class BulkConnection(LoadRun run) : Watched(LoadRun.Connect(run.Target), run)
{
    private const int DontWait = 0x40;
    private const int Truncate = 0x20;

    private long _left;

    internal void Start()
    {
        run.Loop.Attach(this, Interest.Read);
        Request();
    }

    internal override void OnReady(Interest ready)
    {
        int count = (int)Receive(Socket.SafeHandle, run.Buffer, (nuint)run.Buffer.Length, DontWait | Truncate);
        if (count < 0)
        {
            return;
        }

        if (count == 0 || count > _left)
        {
            throw new InvalidOperationException(count == 0 ? "a transfer ended" : "more came than was asked for");
        }

        run.CountBytes(count);
        _left -= count;
        if (_left == 0)
        {
            Request();
        }
    }

    [LibraryImport("libc", EntryPoint = "recv")]
    private static partial nint Receive(SafeHandle socket, Span<byte> buffer, nuint size, int flags);

    private void Request()
    {
        _left = run.Exchange.Length;
        TransferResult result = SocketTransfer.Send(Socket, run.Exchange.Request, out int count);
        if (result != TransferResult.Success || count < run.Exchange.Request.Length)
        {
            throw new InvalidOperationException($"a request could not be sent: {result}");
        }
    }
}
