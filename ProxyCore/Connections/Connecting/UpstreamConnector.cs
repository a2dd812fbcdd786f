using System.Net;
using System.Net.Sockets;
using ProxyCore.Loop;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Connecting;

/// <summary>One non-blocking attempt to connect to one address. Belongs to the loop's thread.</summary>
/// <remarks>
/// It reports once, unless it is abandoned first; its owner bounds the time. A new socket for each attempt: POSIX
/// leaves the state of one whose connect has failed undefined.
/// </remarks>
internal sealed class UpstreamConnector
{
    // Out of descriptors, or a Unix socket's backlog is full: both pass, and no readiness event tells when.
    private static readonly TimeSpan _retryDelay = TimeSpan.FromMilliseconds(20);

    private readonly SelectLoop _loop;
    private readonly ILoopMember _owner;
    private readonly RouteSettings _route;
    private readonly EndPoint _address;
    private readonly Action<Socket?, SocketError> _completed;
    private Attempt? _attempt;
    private CallbackTimer? _retry;

    internal UpstreamConnector(
        SelectLoop loop, ILoopMember owner, RouteSettings route, EndPoint address, Action<Socket?, SocketError> completed)
    {
        _loop = loop;
        _owner = owner;
        _route = route;
        _address = address;
        _completed = completed;
    }

    /// <summary>The failure of this machine for which it tries again at present; null while there is none.</summary>
    internal SocketError? LocalError { get; private set; }

    /// <summary>Begins. The outcome may be reported before this returns.</summary>
    internal void Start()
    {
        Socket socket;
        LocalError = null;
        try
        {
            socket = CreateSocket();
        }
        catch (SocketException exception)
        {
            Fail(exception.SocketErrorCode);
            return;
        }

        SocketError error = ConnectCall.Begin(socket, _address);
        if (error == SocketError.Success)
        {
            _completed(socket, error);
            return;
        }

        if (error == SocketError.WouldBlock && _address.AddressFamily != AddressFamily.Unix)
        {
            _attempt = new Attempt(socket, _owner, this);
            _loop.Attach(_attempt, Interest.Connect);
            return;
        }

        socket.Dispose();
        Fail(error);
    }

    /// <summary>Ends the attempt without a report.</summary>
    internal void Abandon()
    {
        if (_retry is not null)
        {
            _loop.Cancel(_retry);
        }

        if (_attempt is { } attempt)
        {
            _attempt = null;
            _loop.Detach(attempt);
            attempt.Socket.Dispose();
        }
    }

    private Socket CreateSocket()
    {
        bool isUnix = _address.AddressFamily == AddressFamily.Unix;
        var socket = new Socket(
            _address.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            TcpOptions.Apply(socket, _route);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Fail(SocketError error)
    {
        if (error is SocketError.TooManyOpenSockets or SocketError.WouldBlock)
        {
            LocalError = ConnectionErrors.IsLocal(error, _address.AddressFamily) ? error : null;
            _retry ??= new CallbackTimer(_owner, () => Start());
            _loop.Arm(_retry, _retryDelay);
            return;
        }

        _completed(null, error);
    }

    private void Finished(Attempt attempt)
    {
        // Read once, and before anything else: RemoteEndPoint and Connected would consume it and then report success.
        var error = (SocketError)(int)attempt.Socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        _attempt = null;
        _loop.Detach(attempt);
        if (error == SocketError.Success)
        {
            _completed(attempt.Socket, error);
            return;
        }

        attempt.Socket.Dispose();
        _completed(null, error);
    }

    private sealed class Attempt(Socket socket, ILoopMember owner, UpstreamConnector connector) : Watched(socket, owner)
    {
        internal override void OnReady(Interest ready) => connector.Finished(this);
    }
}
