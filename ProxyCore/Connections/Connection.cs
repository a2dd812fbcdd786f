using System.Diagnostics;
using System.Net.Sockets;
using ProxyCore.Connections.Counting;
using ProxyCore.Connections.Faults;
using ProxyCore.Connections.Limiting;
using ProxyCore.Connections.Reporting;
using ProxyCore.Connections.Sockets;
using ProxyCore.Loop;
using ProxyCore.Relay;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections;

/// <summary>A client and its upstream, from accept to close: its phases, its timer, and the one place that closes it.</summary>
/// <remarks>
/// The bytes are the business of its <see cref="PipePair"/>. After every event <see cref="Settle"/> derives from that
/// what each side is watched for and whether the connection has ended; nothing else decides either. Belongs to the
/// loop's thread.
/// </remarks>
internal sealed partial class Connection : LoopTimer, ILoopMember, IReportedConnection, IIdentifiedClient
{
    private readonly Shard _shard;
    private readonly TimeSpan _acceptedAt;
    private readonly ClientSide _client;
    private Route? _route;
    private ClientIdentity? _identity;
    private ConnectionOpening? _opening;
    private ResetDelivery? _delivery;
    private UpstreamSide? _upstream;
    private PipePair? _pipes;
    private ClientUses? _uses;
    private ConnectionToxics? _toxics;
    private bool _isCounted;
    private bool _isPastLife;
    private bool _isKeptAlive;

    // Since when no byte has been relayed.
    private TimeSpan _quietSince;

    internal Connection(Shard shard, EndpointRoutes endpoint, Socket client, long id)
    {
        _shard = shard;
        _route = endpoint.Only;
        _acceptedAt = Loop.Now;
        Record = shard.Events.MakeRecord(shard.RouteSet.Extensions);
        Id = id;
        _client = new ClientSide(client, this);
    }

    /// <summary>What logs call it: counted from 1.</summary>
    public long Id { get; }

    public Socket Client => _client.Socket;

    Socket IIdentifiedClient.Socket => Client;

    /// <summary>The upstream's socket, once it is connected.</summary>
    internal Socket? Upstream => _upstream?.Socket;

    public ConnectionPhase Phase { get; private set; }

    /// <summary>What is noted of it; null when nothing took reports when it was accepted.</summary>
    public ConnectionRecord? Record { get; }

    /// <summary>The route; null until the opening has chosen it.</summary>
    internal Route? Route => _route;

    public string RouteName => ProxyCounters.NameOf(_route);

    public string? UpstreamAddress => Member?.Address;

    /// <summary>The address of the upstream that was tried last, where that is noted, else of the one that it relays to.</summary>
    internal string? LastUpstream => Record is { } record ? record.Facts.Upstream : UpstreamAddress;

    /// <summary>The upstream, once it is connected.</summary>
    internal PoolMember? Member { get; private set; }

    /// <summary>For how long it has been open.</summary>
    public TimeSpan Age => Loop.Now - _acceptedAt;

    public long BytesToUpstream => _pipes?.BytesToUpstream ?? 0;

    public long BytesToClient => _pipes?.BytesToClient ?? 0;

    /// <summary>Itself: it is its own timer, so that an idle connection is one object less.</summary>
    internal override ILoopMember Owner => this;

    private SelectLoop Loop => _shard.Loop;

    /// <summary>Those of its route. Not before that is chosen.</summary>
    private RouteSettings Settings => _route!.Settings;

    private ConnectionEvents Events => _shard.Events;

    private TrafficCounters Counters => _shard.CountersOf(_route);

    /// <summary>Ends it at once, with a reset for both sides, unless it has ended.</summary>
    public void Cut(EndReason reason)
    {
        if (Phase != ConnectionPhase.Closed)
        {
            Close(reason);
        }
    }

    void ILoopMember.Fault(Exception exception)
    {
        Cut(EndReason.Fault);
        Events.ReportFault(this, exception);
    }

    /// <summary>
    /// A step of the opening has taken as long as it may; or, while it relays, nothing may have been relayed for as long as
    /// it may be quiet.
    /// </summary>
    internal override void OnDue()
    {
        if (_opening is not null)
        {
            _opening.OnTimeLimit();
            return;
        }

        OnQuietDue(_pipes!);
    }

    /// <summary>The one place where a connection ends: all that it holds goes together.</summary>
    private void Close(EndReason reason, bool withFin = false)
    {
        ConnectionPhase endedIn = Phase;

        // The first reason wins: what interrupts the delivery of a reset, or of the last bytes, did not cause the end.
        bool hasFailed = _pipes?.FailedSide is not null;
        reason = _isPastLife ? EndReason.MaxLifetime : hasFailed ? FailureReason() : reason;
        bool orderly = withFin || (reason.IsOrderly() && !hasFailed);
        ConnectionReport? report = Events.LastReport(this, reason);
        MoveTo(ConnectionPhase.Closed);
        Loop.Cancel(this);
        _opening?.Abandon();
        _delivery?.Abandon();
        _pipes?.Release();
        _client.Leave(_shard, orderly);
        _upstream?.Leave(_shard, orderly);
        if (Member is not null)
        {
            _route!.Pool.Release(Member, Loop);
        }

        _uses?.Release(Loop.SharedNow);
        CountAccepted();
        Counters.CountEnded(reason);
        _shard.OnEnded();
        Events.ReportEnded(this, reason, endedIn, report);
    }

    /// <summary>The one place where its phase changes.</summary>
    public void MoveTo(ConnectionPhase phase)
    {
        Debug.Assert(Phase.MayBecome(phase), $"{Phase} may not become {phase}");
        Phase = phase;
    }

    private sealed class ClientSide(Socket socket, Connection connection) : ConnectionSocket(socket, connection)
    {
        internal override bool? IsDrained => Connection._pipes?.IsDrained(ConnectionSide.Client);

        internal override void OnReady(Interest ready) => Connection.HandleClient(ready);
    }

    private sealed class UpstreamSide(Socket socket, Connection connection) : ConnectionSocket(socket, connection)
    {
        internal override bool? IsDrained => Connection._pipes?.IsDrained(ConnectionSide.Upstream);

        internal override void OnReady(Interest ready) => Connection.HandleUpstream(ready);
    }
}
