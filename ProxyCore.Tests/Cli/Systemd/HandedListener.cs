using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Cli.Systemd;

/// <summary>What systemd does for a socket unit: listens, and hands the socket to one process after the other.</summary>
internal sealed partial class HandedListener : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    // A duplicate that survives exec.
    private readonly SafeSocketHandle _handed;

    internal HandedListener()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen(512);
        _handed = new SafeSocketHandle(Dup(_socket.SafeHandle), ownsHandle: true);
    }

    internal EndPoint Address => _socket.LocalEndPoint!;

    /// <summary>Starts a command with it.</summary>
    internal CommandProcess Start(params string[] arguments) => CommandProcess.StartActivated((int)_handed.DangerousGetHandle(), arguments);

    internal Task<Peer> Connect() => Peer.Connect(Address);

    public void Dispose()
    {
        _handed.Dispose();
        _socket.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Dup(SafeHandle descriptor);
}
