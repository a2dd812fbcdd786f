using System.IO.Pipes;
using System.Net;
using System.Net.Sockets;
using ProxyCore.Platform;

namespace ProxyCore.Loop;

/// <summary>Wakes a loop that is blocked in Select from another thread: a byte through a pipe.</summary>
/// <remarks>
/// Select takes sockets only. On Unix any descriptor can be wrapped as one for waiting, so an anonymous pipe does
/// (reading and writing still go through the pipe: recv on it fails with ENOTSOCK). Windows waits for sockets
/// alone, so there it is a loopback connection.
/// </remarks>
internal sealed class LoopSignal : Watched, IDisposable
{
    private static readonly byte[] _wakeByte = [1];

    private readonly byte[] _taken = new byte[64];
    private readonly Stream _reader;
    private readonly Stream _writer;

    private LoopSignal(Socket socket, ILoopMember owner, Stream reader, Stream writer)
        : base(socket, owner)
    {
        _reader = reader;
        _writer = writer;
    }

    internal static LoopSignal Create(ILoopMember owner) =>
        TargetSystem.IsWindows ? OverLoopback(owner) : OverPipe(owner);

    /// <summary>Makes the signal readable. Any thread. The caller sees to it that few are outstanding.</summary>
    internal void Set() => _writer.Write(_wakeByte);

    internal override void OnReady(Interest ready) => _ = _reader.Read(_taken);

    public void Dispose()
    {
        Socket.Dispose();
        _reader.Dispose();
        _writer.Dispose();
    }

    private static LoopSignal OverPipe(ILoopMember owner)
    {
        var reader = new AnonymousPipeServerStream(PipeDirection.In);
        var writer = new AnonymousPipeClientStream(PipeDirection.Out, reader.ClientSafePipeHandle);
        nint descriptor = reader.SafePipeHandle.DangerousGetHandle();
        var socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: false));
        return new LoopSignal(socket, owner, reader, writer);
    }

    private static LoopSignal OverLoopback(ILoopMember owner)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var writer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        writer.Connect(listener.LocalEndPoint!);
        Socket reader = listener.Accept();
        if (!reader.RemoteEndPoint!.Equals(writer.LocalEndPoint))
        {
            reader.Dispose();
            writer.Dispose();
            throw new IOException("Another process connected to the loop's signal first.");
        }

        return new LoopSignal(reader, owner, new NetworkStream(reader), new NetworkStream(writer, ownsSocket: true));
    }
}
