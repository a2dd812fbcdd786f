using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;
using ProxyCore.Loop;

namespace ProxyCore.Connections;

/// <summary>
/// The way of one connection to its upstream: the look-up of the name, then each address in turn, all within the
/// connect timeout.
/// </summary>
/// <remarks>Ends by telling its connection one of two things, unless it is abandoned. Belongs to the loop's thread.</remarks>
internal sealed class ConnectSequence
{
    private readonly SelectLoop _loop;
    private readonly ILogger _logger;
    private readonly Connection _connection;
    private readonly Route _route;
    private readonly UpstreamAddresses _addresses;
    private readonly TimeSpan _deadline;
    private readonly CallbackTimer _timer;
    private UpstreamConnector? _connector;
    private int _addressesTried;
    private bool _isOver;

    internal ConnectSequence(Shard shard, Route route, Connection connection)
    {
        _loop = shard.Loop;
        _logger = shard.Logger;
        _connection = connection;
        _route = route;
        _addresses = shard.AddressesOf(route);
        _deadline = _loop.Now + route.ConnectTimeout;
        _timer = new CallbackTimer(connection, () => OnTimeout());
    }

    /// <summary>Begins. The outcome may be told before this returns.</summary>
    internal void Begin()
    {
        if (_addresses.AreFresh)
        {
            TryNextAddress();
            return;
        }

        _connection.MoveTo(ConnectionPhase.Resolving);
        _logger.Resolving(_connection.Id, _route.Upstream);
        _loop.Arm(_timer, _route.ConnectTimeout);
        _addresses.Refresh(_connection, OnResolved);
    }

    /// <summary>Ends without telling. Does nothing when it has ended.</summary>
    internal void Abandon()
    {
        _isOver = true;
        _loop.Cancel(_timer);
        _connector?.Abandon();
    }

    private void OnResolved()
    {
        if (_isOver)
        {
            return;
        }

        if (_addresses.Current.Count == 0)
        {
            GiveUp(EndReason.ResolveFailed, _addresses.LookupError!);
            return;
        }

        TryNextAddress();
    }

    /// <summary>Tries the next address of the upstream, for its share of the time that is left.</summary>
    private void TryNextAddress()
    {
        _connection.MoveTo(ConnectionPhase.Connecting);
        IReadOnlyList<EndPoint> addresses = _addresses.Current;
        EndPoint address = addresses[_addressesTried];
        _loop.Arm(_timer, (_deadline - _loop.Now) / (addresses.Count - _addressesTried));
        _addressesTried++;
        if (_logger.IsEnabled(LogLevel.Debug))
        {
            _logger.Connecting(_connection.Id, EndPointText.Of(address));
        }

        _connector = new UpstreamConnector(_loop, _connection, _route, address, OnConnectCompleted);
        _connector.Start();
    }

    private void OnConnectCompleted(Socket? upstream, SocketError error)
    {
        if (upstream is not null)
        {
            _isOver = true;
            _loop.Cancel(_timer);
            _connection.BeginRelay(upstream);
            return;
        }

        string cause = ConnectionErrors.Describe(error);
        if (_addressesTried < _addresses.Current.Count && _loop.Now < _deadline)
        {
            _logger.ConnectAttemptFailed(_connection.Id, _route.Upstream, cause);
            TryNextAddress();
            return;
        }

        GiveUp(ConnectionErrors.ReasonOf(error), cause);
    }

    private void OnTimeout()
    {
        if (_connector is null)
        {
            GiveUp(EndReason.ConnectTimeout, "the look-up of the name timed out");
            return;
        }

        _connector.Abandon();
        OnConnectCompleted(null, SocketError.TimedOut);
    }

    private void GiveUp(EndReason reason, string cause)
    {
        _isOver = true;
        _addresses.Distrust();
        _logger.ConnectFailed(_connection.Id, _route.Upstream, cause);
        _connection.Cut(reason);
    }
}
