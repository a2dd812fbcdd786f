using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections.Dialing;
using ProxyCore.Connections.Opening;
using ProxyCore.Connections.Pools;
using ProxyCore.Loop;
using ProxyCore.Relay;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Connecting;

/// <summary>
/// Connects a client to an upstream: asks the route's pool, tries what the pool grants, and after a pause the same again,
/// until one is connected or the <see cref="ConnectBudget"/> is used up.
/// </summary>
/// <remarks>Nothing has been relayed yet, so the client does not notice failed attempts. Belongs to the loop's thread.</remarks>
internal sealed class ConnectStep : OpeningStep, IUpstreamRequester, IAddressObserver
{
    private readonly IConnectingConnection _connection;
    private readonly SelectLoop _loop;
    private readonly RouteSettings _route;
    private readonly RoutePool _pool;
    private readonly UpstreamRequest _request;
    private readonly ConnectLog _log;
    private OpeningSequence _opening = null!;
    private ConnectBudget _budget;
    private ConnectState _state;
    private PoolMember? _member;
    private AddressSequence? _addresses;
    private ConnectOutcome _lastFailure;

    internal ConnectStep(IConnectingConnection connection, SelectLoop loop, RouteSettings route, RoutePool pool, ConnectLog log)
    {
        _connection = connection;
        _loop = loop;
        _route = route;
        _pool = pool;
        _log = log;
        _request = pool.CreateRequest(this, loop, connection);
    }

    public ILoopMember Owner => _connection;

    // Most connects are over within a turn or two of the loop: the client is watched when one takes longer.
    internal override Interest ClientInterest => _state == ConnectState.Connecting ? Interest.None : Interest.Reset;

    internal override StepOutcome Begin(OpeningSequence opening)
    {
        _opening = opening;

        // Not before: the steps ahead of this one, such as a handshake or a toxic, take time of their own.
        _budget = new ConnectBudget(_route, _loop.Now);
        Ask();
        return StepOutcome.NeedMore;
    }

    internal override void Abandon()
    {
        if (_state == ConnectState.Over)
        {
            return;
        }

        _state = ConnectState.Over;
        _addresses?.Abandon();
        _pool.Withdraw(_request, _loop);
    }

    /// <summary>A wait of this step, other than that for an upstream's answer, has lasted as long as it may.</summary>
    internal override StepOutcome OnTimeLimit()
    {
        switch (_state)
        {
            case ConnectState.Pausing:
                MoveTo(ConnectState.Asking);
                _pool.AskInNewRound(_request, _loop);
                return StepOutcome.NeedMore;
            case ConnectState.Queued:
                _log.Refused("all upstreams were at their maximum for too long");
                return StepOutcome.Refuse(EndReason.QueueTimeout);
            case var _ when _member is not null:
                return FailAsLastAttempt();
            default:
                string cause = _state == ConnectState.Resolving ? "the look-up of the name timed out" : "no upstream was chosen in time";
                return Fail(_route.Pool.Names, EndReason.ConnectTimeout, cause);
        }
    }

    void IUpstreamRequester.OnWaitingForNames()
    {
        if (TryMoveTo(ConnectState.Resolving))
        {
            _budget.LeaveQueue(_loop.Now);
            _log.Resolving(_route.Pool.Names);
            Wait(ConnectionPhase.Resolving, _budget.TimeLeft(_loop.Now));
        }
    }

    void IUpstreamRequester.OnQueued()
    {
        if (TryMoveTo(ConnectState.Queued))
        {
            _budget.EnterQueue(_loop.Now);
            _log.Queued(_route.Name);
            Wait(ConnectionPhase.Queued, _budget.QueueTimeLeft);
        }
    }

    void IUpstreamRequester.OnGranted(PoolMember member, IReadOnlyList<EndPoint> addresses, int others)
    {
        // A step that is over has withdrawn its request, and the pool has taken the slot back.
        if (!TryMoveTo(ConnectState.Connecting))
        {
            return;
        }

        _budget.LeaveQueue(_loop.Now);
        _member = member;
        _connection.CancelStepTimer();
        _connection.NoteAttempt(member.Address);
        _addresses = new AddressSequence(
            _loop,
            _connection,
            _route,
            addresses,
            _budget.ShareOfTimeLeft(_loop.Now, others),
            this,
            _connection.SecurityFor(member),
            relays: true);
        _addresses.TryNext();
    }

    void IUpstreamRequester.OnRoundOver()
    {
        if (!TryMoveTo(ConnectState.Pausing))
        {
            return;
        }

        _budget.LeaveQueue(_loop.Now);
        if (!_budget.TryPause(_loop.Now, out TimeSpan pause))
        {
            _opening.Complete(this, FailAsLastAttempt());
            return;
        }

        _log.RoundOver(pause);
        Wait(ConnectionPhase.Connecting, pause);
    }

    void IUpstreamRequester.OnRefused(EndReason reason, string cause)
    {
        if (_state == ConnectState.Over)
        {
            return;
        }

        if (_member is not null)
        {
            _opening.Complete(this, FailAsLastAttempt());
            return;
        }

        if (reason == EndReason.ResolveFailed)
        {
            _opening.Complete(this, Fail(_route.Pool.Names, reason, cause));
            return;
        }

        _log.Refused(cause);
        _opening.Complete(this, StepOutcome.Refuse(reason));
    }

    void IUpstreamRequester.OnFault(Exception exception)
    {
        if (_state != ConnectState.Over)
        {
            _connection.Fault(exception);
        }
    }

    void IAddressObserver.OnTrying(EndPoint address)
    {
        _connection.MoveTo(ConnectionPhase.Connecting);
        _log.Trying(address);
    }

    void IAddressObserver.OnSlow() => _connection.WatchClient(Interest.Reset);

    void IAddressObserver.OnSecuring()
    {
        _connection.MoveTo(ConnectionPhase.UpstreamHandshake);
        _connection.WatchClient(Interest.Reset);
    }

    void IAddressObserver.OnAddressFailed(EndPoint address, string cause) => _log.AddressFailed(address, cause);

    void IAddressObserver.OnCompleted(ConnectOutcome outcome)
    {
        Debug.Assert(_state == ConnectState.Connecting, "an abandoned attempt does not report");
        if (outcome.Socket is { } socket)
        {
            _pool.ReportConnected(_member!, _loop);
            TransferResult failure = outcome.Error == SocketError.Success ? TransferResult.Success : TransferResult.Reset;
            MoveTo(ConnectState.Over);
            _connection.OnConnected(new ConnectedUpstream(socket, _member!, failure, outcome.Tls));
            _opening.Complete(this, StepOutcome.Next);
            return;
        }

        _lastFailure = outcome;
        _pool.ReportFailed(_request, _loop, _lastFailure.Cause, _lastFailure.IsLocal);
        if (_budget.TimeLeft(_loop.Now) <= TimeSpan.Zero)
        {
            _opening.Complete(this, FailAsLastAttempt());
            return;
        }

        _log.AttemptFailed(_member!.Address, _lastFailure.Cause);
        Ask();
    }

    private void Ask()
    {
        MoveTo(ConnectState.Asking);
        _pool.Ask(_request, _loop);

        // A pool on another loop answers later, and that wait has a bound, too.
        if (_state == ConnectState.Asking)
        {
            Wait(ConnectionPhase.Connecting, _budget.TimeLeft(_loop.Now));
        }
    }

    private void Wait(ConnectionPhase phase, TimeSpan limit)
    {
        _connection.MoveTo(phase);
        _connection.ArmStepTimer(limit);
        _connection.WatchClient(Interest.Reset);
    }

    private StepOutcome Fail(string upstream, EndReason reason, string cause)
    {
        _log.Failed(upstream, cause);
        return StepOutcome.Refuse(reason);
    }

    private StepOutcome FailAsLastAttempt() => Fail(_member!.Address, _lastFailure.Reason, _lastFailure.Cause);

    private bool TryMoveTo(ConnectState state)
    {
        if (_state == ConnectState.Over)
        {
            return false;
        }

        MoveTo(state);
        return true;
    }

    /// <summary>The one place where its state changes.</summary>
    private void MoveTo(ConnectState state)
    {
        Debug.Assert(_state != ConnectState.Over, "a step that is over stays so");
        _state = state;
    }

    private enum ConnectState : byte
    {
        /// <summary>The pool has not answered yet.</summary>
        Asking,

        /// <summary>The names of the upstreams are being resolved.</summary>
        Resolving,

        /// <summary>All upstreams are at their maximum.</summary>
        Queued,

        /// <summary>An upstream is being tried.</summary>
        Connecting,

        /// <summary>A round is over; the next one begins after a pause.</summary>
        Pausing,

        /// <summary>Connected, refused or abandoned.</summary>
        Over,
    }
}
