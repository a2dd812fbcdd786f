using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections.Encrypting;
using ProxyCore.Connections.Sockets;
using ProxyCore.Loop;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Dialing;

/// <summary>Tries the addresses of one upstream, one after the other, each for its share of the time that is left.</summary>
/// <remarks>
/// It reports once, unless it is abandoned first. It is its own timer, which is an object less for each connection. Belongs to
/// the loop's thread.
/// </remarks>
internal sealed class AddressSequence : LoopTimer, IConnectObserver
{
    // Nearly all connects that succeed do so sooner, within a data centre.
    private static readonly TimeSpan _slow = TimeSpan.FromMilliseconds(50);

    private readonly SelectLoop _loop;
    private readonly ILoopMember _owner;
    private readonly RouteSettings _route;
    private readonly IReadOnlyList<EndPoint> _addresses;
    private readonly TimeSpan _deadline;
    private readonly IAddressObserver _observer;
    private readonly UpstreamSecurity? _security;
    private readonly bool _relays;
    private UpstreamConnector? _connector;
    private UpstreamHandshake? _handshake;
    private ConnectOutcome _failure;
    private int _tried;
    private TimeSpan _addressDeadline;

    /// <param name="loop">The loop.</param>
    /// <param name="owner">Ends when something throws.</param>
    /// <param name="route">The options of the sockets.</param>
    /// <param name="addresses">In the order to try them, at least one.</param>
    /// <param name="time">For all of them together.</param>
    /// <param name="observer">Follows it.</param>
    /// <param name="security">How TLS is agreed on with an address that is connected; null when it is not.</param>
    /// <param name="relays">
    /// Whether the observer relays: it sends bytes at once or calls <see cref="ConnectAck.SendNow"/>, and sees to TCP_NODELAY.
    /// </param>
    internal AddressSequence(
        SelectLoop loop,
        ILoopMember owner,
        RouteSettings route,
        IReadOnlyList<EndPoint> addresses,
        TimeSpan time,
        IAddressObserver observer,
        UpstreamSecurity? security,
        bool relays = false)
    {
        _loop = loop;
        _owner = owner;
        _route = route;
        _addresses = addresses;
        _deadline = loop.Now + time;
        _observer = observer;
        _security = security;
        _relays = relays;
    }

    internal override ILoopMember Owner => _owner;

    /// <summary>Begins, or goes on with the next address. It may report before this returns.</summary>
    internal void TryNext()
    {
        EndPoint address = _addresses[_tried];
        TimeSpan share = (_deadline - _loop.Now) / (_addresses.Count - _tried);
        _addressDeadline = _loop.Now + share;
        _loop.Arm(this, share < _slow ? share : _slow);
        _tried++;
        _observer.OnTrying(address);
        _connector = new UpstreamConnector(_loop, _owner, _route, address, this, _relays);
        _connector.Start();
    }

    /// <summary>The failure of this machine that keeps it from connecting at present; null while there is none.</summary>
    internal ConnectOutcome? LocalFailure =>
        _failure.Error == SocketError.Success || _failure.IsLocal ? _connector?.LocalFailure : null;

    /// <summary>Ends without a report.</summary>
    internal void Abandon()
    {
        _loop.Cancel(this);
        _connector?.Abandon();
        AbandonHandshake();
    }

    void IConnectObserver.OnConnectCompleted(ConnectOutcome outcome)
    {
        if (_security is null || outcome.Socket is not { } socket)
        {
            OnCompleted(outcome);
            return;
        }

        // A handshake writes more than once.
        TcpOptions.TryNoDelay(socket, _route);
        _observer.OnSecuring();
        _handshake = new UpstreamHandshake(_loop, _owner, socket, _security, OnHandshakeCompleted);
        _handshake.Begin();
    }

    private void OnHandshakeCompleted(HandshakeOutcome outcome)
    {
        Socket socket = _handshake!.Socket;
        _handshake = null;
        if (outcome.Transport is { } transport)
        {
            OnCompleted(ConnectOutcome.Secured(socket, transport));
            return;
        }

        // With a FIN: a reset could overtake the alert that says why.
        socket.Dispose();
        OnCompleted(ConnectOutcome.TlsFailed(outcome.Cause!));
    }

    private void AbandonHandshake()
    {
        if (_handshake is { } handshake)
        {
            _handshake = null;
            handshake.Abandon();
            handshake.Socket.Close(0);
        }
    }

    private void OnCompleted(ConnectOutcome outcome)
    {
        Note(outcome);
        if (outcome.Socket is null && _tried < _addresses.Count && _loop.Now < _deadline)
        {
            _observer.OnAddressFailed(_addresses[_tried - 1], outcome.Cause);
            TryNext();
            return;
        }

        _loop.Cancel(this);
        _observer.OnCompleted(outcome.Socket is null ? _failure : outcome);
    }

    internal override void OnDue()
    {
        if (_loop.Now < _addressDeadline)
        {
            _loop.Arm(this, _addressDeadline - _loop.Now);
            _observer.OnSlow();
            return;
        }

        if (_handshake is not null)
        {
            AbandonHandshake();
            OnCompleted(ConnectOutcome.TlsFailed("the TLS handshake with the upstream was not over in time"));
            return;
        }

        UpstreamConnector connector = _connector!;
        connector.Abandon();
        OnCompleted(connector.LocalFailure ?? new ConnectOutcome(null, SocketError.TimedOut));
    }

    /// <summary>Keeps the last failure, unless the one before it says more about the upstream.</summary>
    private void Note(ConnectOutcome outcome)
    {
        if (_failure.Error == SocketError.Success || !SaysLess(outcome, _failure))
        {
            _failure = outcome;
        }
    }

    // A machine without IPv6 says EADDRNOTAVAIL for ::1, after 127.0.0.1 has said ECONNREFUSED. And a server on 127.0.0.1 alone
    // refuses ::1, after its certificate has failed: localhost is both.
    private static bool SaysLess(ConnectOutcome outcome, ConnectOutcome before) =>
        outcome.IsLocal || (before.TlsFailure is not null && outcome.TlsFailure is null);
}
