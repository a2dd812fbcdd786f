using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections.Sockets;
using ProxyCore.Loop;
using ProxyCore.Relay;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Dialing;

/// <summary>One non-blocking attempt to connect to one address. Belongs to the loop's thread.</summary>
/// <remarks>
/// It reports once, unless it is abandoned first; its owner bounds the time. A new socket for each attempt: POSIX
/// leaves the state of one whose connect has failed undefined.
/// </remarks>
internal sealed class UpstreamConnector
{
    // Out of descriptors or ports, or a Unix socket's backlog is full: all pass, and no readiness event tells when.
    private static readonly TimeSpan _retryDelay = TimeSpan.FromMilliseconds(20);

    private readonly SelectLoop _loop;
    private readonly ILoopMember _owner;
    private readonly RouteSettings _route;
    private readonly EndPoint _address;
    private readonly IConnectObserver _observer;
    private readonly bool _relays;
    private Attempt? _attempt;
    private CallbackTimer? _retry;

    // An outcome here would be five words of every connection's opening.
    private SocketError _localError;

    /// <param name="loop">The loop.</param>
    /// <param name="owner">Ends when something throws.</param>
    /// <param name="route">The options of the socket.</param>
    /// <param name="address">Where to connect to.</param>
    /// <param name="observer">Gets the outcome.</param>
    /// <param name="relays">
    /// Whether the observer relays: it sends bytes at once or calls <see cref="ConnectAck.SendNow"/>, and sees to TCP_NODELAY.
    /// </param>
    internal UpstreamConnector(
        SelectLoop loop,
        ILoopMember owner,
        RouteSettings route,
        EndPoint address,
        IConnectObserver observer,
        bool relays = false)
    {
        _loop = loop;
        _owner = owner;
        _route = route;
        _address = address;
        _observer = observer;
        _relays = relays;
    }

    /// <summary>What keeps the attempt from its beginning, where the cause lies on this machine; null when it is under way.</summary>
    internal ConnectOutcome? LocalFailure =>
        _localError == SocketError.Success ? null : ConnectOutcome.Failed(_localError, _address.AddressFamily);

    /// <summary>Begins. The outcome may be reported before this returns.</summary>
    internal void Start()
    {
        _localError = SocketError.Success;
        Socket socket;
        try
        {
            socket = CreateSocket();
        }
        catch (SocketException exception)
        {
            Fail(exception.SocketErrorCode);
            return;
        }

        switch (ConnectCall.Begin(socket, _address))
        {
            case SocketError.Success:
                Succeed(socket);
                break;
            case SocketError.InProgress:
                _attempt = new Attempt(socket, _owner, this);
                _loop.Attach(_attempt, Interest.Connect);
                break;
            case var error:
                socket.Dispose();
                Fail(error);
                break;
        }
    }

    /// <summary>Ends the attempt without a report, with a reset if it is connected already.</summary>
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

            // The kernel may have connected it since the last Select. After a FIN the upstream would take it for a client
            // that had nothing to say.
            attempt.Socket.Close(0);
        }
    }

    private Socket CreateSocket()
    {
        bool isUnix = _address.AddressFamily == AddressFamily.Unix;
        var socket = new Socket(
            _address.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            if (_relays)
            {
                ConnectAck.Delay(socket);
            }
            else
            {
                TcpOptions.TryNoDelay(socket, _route);
            }

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
        var failure = ConnectOutcome.Failed(error, _address.AddressFamily);
        if (!ConnectionErrors.MayPassSoon(error, _address.AddressFamily))
        {
            _observer.OnConnectCompleted(failure);
            return;
        }

        _localError = failure.IsLocal ? error : SocketError.Success;
        _retry ??= new CallbackTimer(_owner, () => Start());
        _loop.Arm(_retry, _retryDelay);
    }

    private void Succeed(Socket socket)
    {
        if (SelfConnection.IsOne(socket, _address))
        {
            // With a reset: after a FIN to itself its port would stay in use for a minute (TIME_WAIT).
            socket.Close(0);
            _observer.OnConnectCompleted(new ConnectOutcome(null, SocketError.ConnectionRefused));
            return;
        }

        _observer.OnConnectCompleted(ConnectOutcome.Connected(socket));
    }

    private void OnReady(Attempt attempt)
    {
        // Read once, and before anything else: RemoteEndPoint and Connected would consume it and then report success.
        var error = (SocketError)(int)attempt.Socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        _attempt = null;
        _loop.Detach(attempt);
        if (error == SocketError.Success)
        {
            Succeed(attempt.Socket);
            return;
        }

        // An upstream that sends and then resets, before the loop looks, was connected: what it sent is still there. Behind
        // a FIN Linux reports the reset as EPIPE (net/ipv4/tcp_input.c, tcp_reset).
        if (error is SocketError.ConnectionReset or SocketError.Shutdown
            && SocketTransfer.HasBytes(attempt.Socket))
        {
            _observer.OnConnectCompleted(new ConnectOutcome(attempt.Socket, error));
            return;
        }

        attempt.Socket.Dispose();
        Fail(error);
    }

    private sealed class Attempt(Socket socket, ILoopMember owner, UpstreamConnector connector) : Watched(socket, owner)
    {
        internal override void OnReady(Interest ready) => connector.OnReady(this);
    }
}
