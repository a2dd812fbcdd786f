using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;
using ProxyCore.Loop;
using ProxyCore.Relay;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections;

/// <summary>A client and its upstream, from accept to close: the steps, the timer, and the one place that closes.</summary>
/// <remarks>
/// The bytes are the business of its <see cref="PipePair"/>. After every event <see cref="Settle"/> derives from that
/// what each side is watched for and whether the connection has ended; nothing else decides either. Belongs to the
/// loop's thread.
/// </remarks>
internal sealed class Connection : LoopTimer, ILoopMember
{
    // No readiness event tells that the kernel has delivered what it was given: it has to be asked now and then.
    private static readonly TimeSpan _resetPollDelay = TimeSpan.FromMilliseconds(10);

    private readonly Shard _shard;
    private readonly ConnectionRecord? _record;
    private readonly TimeSpan _acceptedAt;
    private readonly ClientSide _client;
    private Route _route;
    private ConnectSequence? _connecting;
    private UpstreamSide? _upstream;
    private PoolMember? _member;
    private PipePair? _pipes;

    // Since when no byte has been relayed, or a reset is being handed on.
    private TimeSpan _since;

    internal Connection(Shard shard, Route route, Socket client, long id)
    {
        _shard = shard;
        _route = route;
        _acceptedAt = Loop.Now;
        _record = shard.Extensions.Observes || shard.Ends.AreWanted
            ? new ConnectionRecord(shard.Extensions, ClientAddress.Of(client))
            : null;
        Id = id;
        _client = new ClientSide(client, this);
    }

    /// <summary>What logs call it: counted from 1.</summary>
    internal long Id { get; }

    internal Socket Client => _client.Socket;

    internal ConnectionPhase Phase { get; private set; }

    /// <summary>How many bytes it has carried, both ways together.</summary>
    internal long Bytes => (_pipes?.BytesToUpstream ?? 0) + (_pipes?.BytesToClient ?? 0);

    /// <summary>Itself: it is its own timer, so that an idle connection is one object less.</summary>
    internal override ILoopMember Owner => this;

    private SelectLoop Loop => _shard.Loop;

    /// <summary>For how long it has been open.</summary>
    internal TimeSpan Age => Loop.Now - _acceptedAt;

    private ILogger Logger => _shard.Logger;

    private TrafficCounters Counters => _shard.CountersOf(_route);

    /// <summary>Enters the table and sets out for the upstream.</summary>
    internal void Open()
    {
        try
        {
            Enter();
        }
        finally
        {
            // Where it will be counted as ended, too: on the route that it goes by from now on.
            Counters.CountAccepted();
        }

        ConnectUpstream();
    }

    private void Enter()
    {
        _shard.Routes.Add(Client, this);
        Loop.Attach(_client, Interest.None);
        if (Logger.IsEnabled(LogLevel.Debug))
        {
            Logger.Accepted(Id, EndPointText.Of(ClientAddress.Of(Client)));
        }

        if (_record is { Observers.Observes: true })
        {
            _record.Observers.TellAccepted(Report(reason: null));
        }

        ChooseRoute();
    }

    /// <summary>What is known of it now.</summary>
    internal ConnectionReport Report() => Report(reason: null);

    /// <summary>Notes that <paramref name="member"/> is tried.</summary>
    internal void NoteAttempt(PoolMember member) => _record?.NoteAttempt(member.Address);

    private void ChooseRoute()
    {
        if (_shard.Extensions.Selector is not { } selector)
        {
            return;
        }

        string? name = selector.ChooseRoute(new ClientInfo(_route.Settings.Name, ClientAddress.Of(Client)));
        _route = name is null
            ? _route
            : _shard.RouteNamed(name) ?? throw new InvalidOperationException(
                $"{selector.GetType()} chose the route '{Printable.Shorten(name)}', which does not exist.");
    }

    private void ConnectUpstream()
    {
        _connecting = new ConnectSequence(_shard, _route, this);
        _connecting.Begin();
    }

    /// <summary>
    /// Relays between the client and <paramref name="upstream"/>, which is connected, and from now on its own like the
    /// place at <paramref name="member"/>.
    /// </summary>
    internal void BeginRelay(Socket upstream, PoolMember member)
    {
        MoveTo(ConnectionPhase.Relaying);
        _connecting = null;
        _member = member;
        _shard.Routes.Add(upstream, this);
        _upstream = new UpstreamSide(upstream, this);
        Loop.Attach(_upstream, Interest.None);
        _pipes = new PipePair(Client, upstream, _shard.Buffers);
        _since = Loop.Now;
        Loop.Arm(this, _route.Settings.IdleTimeout);
        Logger.Relaying(Id, member.Address);
        _record?.NoteRelaying(Age);
        _shard.Meter.NoteConnected(_route.Settings.Name, Age);
        if (_record is { Observers.Observes: true })
        {
            _record.Observers.TellRelaying(Report(reason: null));
        }

        Settle();
    }

    /// <summary>Whether it relays to <paramref name="member"/>.</summary>
    internal bool IsTo(PoolMember member) => _member == member;

    /// <summary>Ends it at once, with a reset for both sides, unless it has ended already.</summary>
    internal void Cut(EndReason reason)
    {
        if (Phase != ConnectionPhase.Closed)
        {
            Close(reason);
        }
    }

    void ILoopMember.Fault(Exception exception)
    {
        Cut(EndReason.Fault);
        Logger.ConnectionFault(Id, exception);
    }

    private void HandleClient(Interest ready)
    {
        if (ready == Interest.Write)
        {
            Flush(ConnectionSide.Client);
            return;
        }

        ReadOnlySpan<byte> message = Read(ConnectionSide.Client);
        if (!message.IsEmpty && Logger.IsEnabled(LogLevel.Trace))
        {
            Logger.ClientMessage(Printable.Escape(message), Id);
        }
    }

    private void HandleUpstream(Interest ready)
    {
        if (ready == Interest.Write)
        {
            Flush(ConnectionSide.Upstream);
            return;
        }

        Read(ConnectionSide.Upstream);
    }

    private ReadOnlySpan<byte> Read(ConnectionSide source)
    {
        ref readonly Pipe pipe = ref _pipes!.From(source);
        long before = pipe.Relayed;
        ReadOnlySpan<byte> bytes = _pipes.Read(source);
        Count(source, pipe.Relayed - before);
        if (pipe.State == PipeState.Done)
        {
            Logger.ReadFin(Id, source);
        }
        else if (pipe.WantsWrite)
        {
            Logger.Paused(Id, source, pipe.Pending);
        }

        Settle();
        return bytes;
    }

    private void Flush(ConnectionSide sink)
    {
        ConnectionSide source = sink == ConnectionSide.Client ? ConnectionSide.Upstream : ConnectionSide.Client;
        ref readonly Pipe pipe = ref _pipes!.From(source);
        long before = pipe.Relayed;
        _pipes.Flush(sink);
        Count(source, pipe.Relayed - before);
        if (pipe.WantsRead)
        {
            Logger.Resumed(Id, source);
        }

        Settle();
    }

    private void Count(ConnectionSide source, long bytes)
    {
        if (bytes > 0)
        {
            _since = Loop.Now;
            Counters.CountRelayed(source, bytes);
            if (source == ConnectionSide.Upstream)
            {
                _record?.NoteBytesToClient(Age);
            }
        }
    }

    /// <summary>Derives what follows from the state of the pipes: the end, the interest, the timer.</summary>
    private void Settle()
    {
        PipePair pipes = _pipes!;
        pipes.Settle();
        if (pipes.IsOver)
        {
            FinishRelay();
            return;
        }

        Loop.SetInterest(_client, pipes.InterestIn(ConnectionSide.Client));
        Loop.SetInterest(_upstream!, pipes.InterestIn(ConnectionSide.Upstream));

        // Half-closing may bring the deadline nearer. When it moves away the timer stays: it looks when it is due.
        if (pipes.IsHalfClosed && Due > Loop.Now + QuietLimit)
        {
            Loop.Arm(this, QuietLimit);
        }
    }

    private TimeSpan QuietLimit =>
        _pipes!.IsHalfClosed && _route.Settings.HalfCloseTimeout < _route.Settings.IdleTimeout
            ? _route.Settings.HalfCloseTimeout
            : _route.Settings.IdleTimeout;

    private void FinishRelay()
    {
        if (_pipes!.FailedSide is null)
        {
            Close(_pipes.FirstFin == ConnectionSide.Client ? EndReason.ClientFin : EndReason.UpstreamFin);
            return;
        }

        Logger.SideFailed(Id, FailureReason());
        MoveTo(ConnectionPhase.Resetting);
        Loop.SetInterest(_client, Interest.None);
        Loop.SetInterest(_upstream!, Interest.None);
        _since = Loop.Now;
        HandOnReset();
    }

    /// <summary>
    /// Closes with a reset as soon as the side that lives has what was sent to it: a reset destroys what is under way.
    /// </summary>
    private void HandOnReset()
    {
        Socket living = _pipes!.FailedSide == ConnectionSide.Client ? _upstream!.Socket : Client;
        if (SendQueue.IsUnderWay(living) && Loop.Now < _since + _route.Settings.HalfCloseTimeout)
        {
            Loop.Arm(this, _resetPollDelay);
            return;
        }

        Close(FailureReason());
    }

    private EndReason FailureReason() => ConnectionErrors.ReasonOf(_pipes!.FailedSide!.Value, _pipes.Failure);

    internal override void OnDue()
    {
        switch (Phase)
        {
            case ConnectionPhase.Relaying:
                EndIfQuiet();
                break;
            case ConnectionPhase.Resetting:
                HandOnReset();
                break;
        }
    }

    private void EndIfQuiet()
    {
        TimeSpan left = _since + QuietLimit - Loop.Now;
        if (left > TimeSpan.Zero)
        {
            Loop.Arm(this, left);
            return;
        }

        Close(_pipes!.IsHalfClosed ? EndReason.HalfCloseTimeout : EndReason.IdleTimeout);
    }

    /// <summary>The one place where a connection ends: all that it holds goes together.</summary>
    private void Close(EndReason reason)
    {
        ConnectionPhase endedIn = Phase;

        // The first reason wins: what cuts short a reset that is being handed on did not cause the end.
        reason = _pipes?.FailedSide is null ? reason : FailureReason();
        bool orderly = reason.IsOrderly();

        // Before it is closed: a socket can tell of its client afterwards no more.
        ConnectionReport? report = _record is not null || _shard.Ends.AreWanted ? Report(reason) : null;
        MoveTo(ConnectionPhase.Closed);
        Loop.Cancel(this);
        _connecting?.Abandon();
        _pipes?.Release();
        Close(_client, orderly);
        if (_upstream is not null)
        {
            Close(_upstream, orderly);
        }

        if (_member is not null)
        {
            _route.Pool.Release(_member, Loop);
        }

        Counters.CountEnded(reason);
        _shard.Meter.NoteEnded(_route.Settings.Name, reason, Age);
        _shard.OnEnded();
        Logger.Ended(Id, reason, endedIn, _pipes?.BytesToUpstream ?? 0, _pipes?.BytesToClient ?? 0);
        if (report is not null)
        {
            TellEnded(report);
        }
    }

    private void TellEnded(ConnectionReport report)
    {
        if (_record?.Observers.TellEnded(report) is { } exception)
        {
            Logger.ConnectionFault(Id, exception);
        }

        if (_shard.Ends.Tell(report) is { } failure)
        {
            Logger.TellingFailed(Id, failure);
        }
    }

    /// <summary>What is known of it: without a record, because nobody wanted to know when it came, not all.</summary>
    private ConnectionReport Report(EndReason? reason) => new()
    {
        Id = Id,
        Route = _route.Settings.Name,
        Client = _record is null ? ClientAddress.Of(Client) : _record.Client,
        Upstream = _record is null ? _member?.Address : _record.Upstream,
        Attempts = _record?.Attempts ?? 0,
        ConnectTime = _record?.ConnectTime,
        FirstByteTime = _record?.FirstByteTime,
        Duration = Age,
        BytesToUpstream = _pipes?.BytesToUpstream ?? 0,
        BytesToClient = _pipes?.BytesToClient ?? 0,
        Phase = Phase,
        Reason = reason,
    };

    private void Close(Watched side, bool orderly)
    {
        _shard.Routes.Remove(side.Socket);
        Loop.Detach(side);
        if (orderly)
        {
            side.Socket.Dispose();
        }
        else
        {
            // Linger 0: the peer gets a reset, and does not take what it has for the whole.
            side.Socket.Close(0);
        }
    }

    /// <summary>The one place where its phase changes.</summary>
    internal void MoveTo(ConnectionPhase phase)
    {
        Debug.Assert(
            phase > Phase || (phase is > ConnectionPhase.Accepted and < ConnectionPhase.Relaying && Phase < ConnectionPhase.Relaying),
            "a connection only goes forward, but for one more upstream to wait for and to try");
        Phase = phase;
    }

    private sealed class ClientSide(Socket socket, Connection connection) : Watched(socket, connection)
    {
        internal override bool? IsDrained => ((Connection)Owner)._pipes?.IsDrained(ConnectionSide.Client);

        internal override void OnReady(Interest ready) => ((Connection)Owner).HandleClient(ready);
    }

    private sealed class UpstreamSide(Socket socket, Connection connection) : Watched(socket, connection)
    {
        internal override bool? IsDrained => ((Connection)Owner)._pipes?.IsDrained(ConnectionSide.Upstream);

        internal override void OnReady(Interest ready) => ((Connection)Owner).HandleUpstream(ready);
    }
}
