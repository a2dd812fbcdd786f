using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using ProxyCore.Connections.Pools;
using ProxyCore.Diagnostics;
using ProxyCore.Loop;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Connecting;

/// <summary>
/// The way of one connection to its upstream: one after the other of those that the route's pool gives it, and after a
/// pause the same again, until one can be connected to, or attempts or time are used up.
/// </summary>
/// <remarks>
/// Nothing has been relayed yet, so the client does not notice. It ends by telling its connection one of two things,
/// unless it is abandoned. Belongs to the loop's thread.
/// </remarks>
internal sealed class ConnectSequence : IConnectionStep, IAddressObserver
{
    // An upstream that was started anew listens again after a moment, or after a second or two.
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _laterPause = TimeSpan.FromSeconds(1);

    private readonly SelectLoop _loop;
    private readonly ILogger _logger;
    private readonly RouteSettings _route;
    private readonly RoutePool _pool;
    private readonly UpstreamRequest _request;
    private readonly CallbackTimer _timer;
    private TimeSpan _deadline;
    private PoolMember? _member;
    private AddressSequence? _addresses;
    private int _attempts;
    private bool _hasPaused;
    private EndReason _lastReason;
    private string _lastCause = "";
    private bool _isOver;

    internal ConnectSequence(Shard shard, Route route, Connection connection)
    {
        _loop = shard.Loop;
        _logger = shard.Logger;
        Connection = connection;
        _route = route.Settings;
        _pool = route.Pool;
        _deadline = _loop.Now + _route.ConnectTimeout;
        _timer = new CallbackTimer(connection, OnTimeout);
        _request = _pool.CreateRequest(this, _loop, connection.Client);
    }

    internal Connection Connection { get; }

    /// <summary>Begins. The outcome may be told before this returns.</summary>
    internal void Begin() => _pool.Ask(_request, _loop);

    public void Abandon()
    {
        if (_isOver)
        {
            return;
        }

        End();
        _addresses?.Abandon();
        _pool.Leave(_request, _loop);
    }

    /// <summary>It has to wait: for names, or in the queue.</summary>
    internal void OnWaiting(ConnectionPhase phase)
    {
        if (_isOver)
        {
            return;
        }

        Connection.MoveTo(phase);
        if (phase == ConnectionPhase.Resolving)
        {
            _logger.Resolving(Connection.Id, _route.Pool.Names);
            _loop.Arm(_timer, _deadline - _loop.Now);
            return;
        }

        _logger.Queued(Connection.Id, _route.Name);
        _loop.Arm(_timer, _route.Pool.QueueTimeout);
    }

    /// <summary>It may try <paramref name="member"/>, and perhaps <paramref name="others"/> more after it.</summary>
    internal void OnGranted(PoolMember member, IReadOnlyList<EndPoint> addresses, int others)
    {
        // When it was abandoned meanwhile, the pool has been told, and has taken the place back.
        if (_isOver)
        {
            return;
        }

        WaitNoMore();
        _member = member;
        int attemptsLeft = Math.Min(_route.ConnectAttempts - _attempts, others + 1);
        _attempts++;
        Connection.Record?.NoteAttempt(member.Address);
        _addresses = new AddressSequence(
            _loop, Connection, _route, addresses, (_deadline - _loop.Now) / attemptsLeft, this);
        _addresses.TryNext();
    }

    /// <summary>All that it might get have been tried in vain: the same again after a pause, if bounds allow.</summary>
    internal void OnAllTried()
    {
        if (_isOver)
        {
            return;
        }

        WaitNoMore();
        TimeSpan pause = _hasPaused ? _laterPause : _firstPause;
        if (_loop.Now + pause >= _deadline)
        {
            GiveUp(_lastReason, _lastCause);
            return;
        }

        _hasPaused = true;
        _loop.Arm(_timer, pause);
        _logger.AllTried(Connection.Id, pause.TotalMilliseconds);
    }

    /// <summary>It gets no upstream, or no other after those that failed.</summary>
    internal void OnRefused(EndReason reason, string cause)
    {
        if (_isOver)
        {
            return;
        }

        if (_attempts > 0)
        {
            GiveUp(_lastReason, _lastCause);
            return;
        }

        End();
        if (reason == EndReason.ResolveFailed)
        {
            _logger.ConnectFailed(Connection.Id, _route.Pool.Names, cause);
        }
        else
        {
            _logger.Refused(Connection.Id, cause);
        }

        Connection.Cut(reason);
    }

    internal void OnFault(Exception exception)
    {
        if (!_isOver)
        {
            End();
            ((ILoopMember)Connection).Fault(exception);
        }
    }

    void IAddressObserver.OnTrying(EndPoint address)
    {
        if (_logger.IsEnabled(LogLevel.Debug))
        {
            _logger.Connecting(Connection.Id, EndPointText.Of(address));
        }
    }

    void IAddressObserver.OnAddressFailed(EndPoint address, SocketError error)
    {
        if (_logger.IsEnabled(LogLevel.Debug))
        {
            _logger.ConnectAttemptFailed(Connection.Id, EndPointText.Of(address), ConnectionErrors.Describe(error));
        }
    }

    void IAddressObserver.OnCompleted(Socket? socket, SocketError error)
    {
        Debug.Assert(!_isOver, "an abandoned attempt does not report");
        if (socket is not null)
        {
            End();
            _pool.ReportConnected(_member!, _loop);
            Connection.BeginRelay(socket, _member!);
            return;
        }

        _lastReason = ConnectionErrors.ReasonOf(error);
        _lastCause = ConnectionErrors.Describe(error);
        _pool.ReportFailed(_request, _loop, _lastCause);
        if (_attempts < _route.ConnectAttempts && _loop.Now < _deadline)
        {
            _logger.ConnectAttemptFailed(Connection.Id, _member!.Address, _lastCause);
            _pool.Ask(_request, _loop);
            return;
        }

        GiveUp(_lastReason, _lastCause);
    }

    /// <summary>The pool has answered. The time in the queue was not taken from the time to connect.</summary>
    private void WaitNoMore()
    {
        if (Connection.Phase == ConnectionPhase.Queued)
        {
            _deadline = _loop.Now + _route.ConnectTimeout;
        }

        Connection.MoveTo(ConnectionPhase.Connecting);
        _loop.Cancel(_timer);
    }

    /// <summary>
    /// Its pause is over, or nothing came of it while it waited for the pool; an attempt has a timer of its own.
    /// </summary>
    private void OnTimeout()
    {
        if (Connection.Phase == ConnectionPhase.Connecting)
        {
            _pool.AskAnew(_request, _loop);
            return;
        }

        _pool.Leave(_request, _loop);
        if (Connection.Phase == ConnectionPhase.Queued)
        {
            End();
            _logger.Refused(Connection.Id, "all upstreams were at their maximum for too long");
            Connection.Cut(EndReason.QueueTimeout);
        }
        else if (_attempts > 0)
        {
            GiveUp(_lastReason, _lastCause);
        }
        else
        {
            End();
            _logger.ConnectFailed(Connection.Id, _route.Pool.Names, "the look-up of the name timed out");
            Connection.Cut(EndReason.ConnectTimeout);
        }
    }

    private void GiveUp(EndReason reason, string cause)
    {
        End();
        _logger.ConnectFailed(Connection.Id, _member!.Address, cause);
        Connection.Cut(reason);
    }

    private void End()
    {
        _isOver = true;
        _loop.Cancel(_timer);
    }
}
