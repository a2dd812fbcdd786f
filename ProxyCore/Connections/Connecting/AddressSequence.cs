using System.Net;
using System.Net.Sockets;
using ProxyCore.Loop;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Connecting;

/// <summary>The addresses of one upstream, tried in turn, each for its share of the time that is left.</summary>
/// <remarks>It reports once, unless it is abandoned first. Belongs to the loop's thread.</remarks>
internal sealed class AddressSequence
{
    private readonly SelectLoop _loop;
    private readonly ILoopMember _owner;
    private readonly RouteSettings _route;
    private readonly IReadOnlyList<EndPoint> _addresses;
    private readonly TimeSpan _deadline;
    private readonly IAddressObserver _observer;
    private readonly CallbackTimer _timer;
    private UpstreamConnector? _connector;
    private SocketError _error;
    private int _tried;

    /// <param name="loop">Whose loop.</param>
    /// <param name="owner">Who ends when something throws.</param>
    /// <param name="route">The options of the sockets.</param>
    /// <param name="addresses">In the order to try them, at least one.</param>
    /// <param name="time">For all of them together.</param>
    /// <param name="observer">Who is told.</param>
    internal AddressSequence(
        SelectLoop loop,
        ILoopMember owner,
        RouteSettings route,
        IReadOnlyList<EndPoint> addresses,
        TimeSpan time,
        IAddressObserver observer)
    {
        _loop = loop;
        _owner = owner;
        _route = route;
        _addresses = addresses;
        _deadline = loop.Now + time;
        _observer = observer;
        _timer = new CallbackTimer(owner, OnTimeout);
    }

    /// <summary>Begins, or goes on with the next address. The outcome may be told before this returns.</summary>
    internal void TryNext()
    {
        EndPoint address = _addresses[_tried];
        _loop.Arm(_timer, (_deadline - _loop.Now) / (_addresses.Count - _tried));
        _tried++;
        _observer.OnTrying(address);
        _connector = new UpstreamConnector(_loop, _owner, _route, address, OnCompleted);
        _connector.Start();
    }

    /// <summary>The failure of this machine that keeps it from connecting at present; null while there is none.</summary>
    internal SocketError? LocalError =>
        _error == SocketError.Success || ConnectionErrors.IsLocal(_error, _addresses[0].AddressFamily) ? _connector?.LocalError : null;

    /// <summary>Ends without a report.</summary>
    internal void Abandon()
    {
        _loop.Cancel(_timer);
        _connector?.Abandon();
    }

    private void OnCompleted(Socket? socket, SocketError error)
    {
        Note(error);
        if (socket is null && _tried < _addresses.Count && _loop.Now < _deadline)
        {
            _observer.OnAddressFailed(_addresses[_tried - 1], error);
            TryNext();
            return;
        }

        _loop.Cancel(_timer);
        _observer.OnCompleted(socket, socket is null ? _error : error);
    }

    private void OnTimeout()
    {
        _connector!.Abandon();
        OnCompleted(null, _connector.LocalError ?? SocketError.TimedOut);
    }

    /// <summary>Keeps the last error of the upstream's; one of this machine's only while there is no other.</summary>
    private void Note(SocketError error)
    {
        // A machine without IPv6 says EADDRNOTAVAIL for ::1, after 127.0.0.1 has said ECONNREFUSED.
        if (_error == SocketError.Success || !ConnectionErrors.IsLocal(error, _addresses[0].AddressFamily))
        {
            _error = error;
        }
    }
}
