using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ProxyCore.Access;
using ProxyCore.Connections.Connecting;
using ProxyCore.Connections.Counting;
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
    private readonly EndpointRoutes _endpoint;
    private Route? _route;
    private ClientIdentity? _identity;
    private ConnectionOpening? _opening;
    private ResetDelivery? _delivery;
    private UpstreamSide? _upstream;
    private PipePair? _pipes;
    private ClientUses? _uses;
    private bool _isCounted;

    // Since when no byte has been relayed.
    private TimeSpan _quietSince;

    internal Connection(Shard shard, EndpointRoutes endpoint, Socket client, long id)
    {
        _shard = shard;
        _endpoint = endpoint;
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

    /// <summary>Enters the table and begins to open.</summary>
    /// <param name="client">The client, as it was accepted.</param>
    internal void Open(AcceptedClient client)
    {
        _shard.CountersOf(null).CountOpening();
        if (Record is not null || client.Address is not null)
        {
            Identify(new ClientIdentity { Address = ClientAddress.Of(client) });
        }

        _client.Enter(_shard);
        Events.ReportAccepted(this);
        _opening = new ConnectionOpening(this, _shard, _endpoint);
        _opening.Begin();
    }

    /// <summary>The route is chosen: from now on the connection counts there.</summary>
    internal void UseRoute(Route route)
    {
        _route = route;
        CountAccepted();
    }

    public ClientIdentity IdentifyClient() => _identity ?? new ClientIdentity { Address = ClientAddress.Of(Client) };

    ClientIdentity IIdentifiedClient.Identify() => IdentifyClient();

    internal void Identify(ClientIdentity client)
    {
        _identity = client;
        Record?.NoteClient(client);
    }

    /// <summary>Whether a gate says that it has to end, because its lists do not let the client in any more.</summary>
    internal bool IsDeniedBy(ClientGate ofProxy)
    {
        bool proxyEnds = ofProxy.EndsDenied;
        bool routeEnds = _route?.Gate.EndsDenied == true;
        if (!proxyEnds && !routeEnds)
        {
            return false;
        }

        IPAddress? client = (IdentifyClient().Address as IPEndPoint)?.Address;
        return (proxyEnds && !ofProxy.Allows(client)) || (routeEnds && !_route!.Gate.Allows(client));
    }

    /// <summary>Keeps what a gate has counted, until it ends.</summary>
    internal void Keep(ClientUse use) => (_uses ??= new ClientUses()).Add(use);

    /// <summary>Changes what the client is watched for before it relays.</summary>
    internal void WatchOpeningClient(Interest interest)
    {
        // A Unix client that has closed its socket may still expect its bytes to arrive, and looks like one that is reset.
        bool canWatch = interest != Interest.Reset || Client.AddressFamily != AddressFamily.Unix;
        Loop.SetInterest(_client, canWatch ? interest : Interest.None);
    }

    /// <summary>Changes what the upstream is watched for before it relays.</summary>
    internal void WatchOpeningUpstream(Interest interest) => Loop.SetInterest(_upstream!, interest);

    /// <summary>Takes over an upstream that is connected.</summary>
    internal void AttachUpstream(in ConnectedUpstream upstream)
    {
        Member = upstream.Member;
        _upstream = new UpstreamSide(upstream.Socket, this);
        _upstream.Enter(_shard);
        _pipes = new PipePair(Client, upstream.Socket, _shard.Buffers, _shard.LayersFor(_route!, this, upstream.Socket));
        _pipes.From(ConnectionSide.Upstream).ExpectReset(upstream.Failure);
    }

    /// <summary>Begins to relay between the client and its upstream.</summary>
    /// <param name="early">What was read from the client, behind a PROXY header for the upstream; null for nothing.</param>
    /// <param name="own">The number of bytes of that header.</param>
    internal void BeginRelay(PendingBytes? early, int own)
    {
        MoveTo(ConnectionPhase.Relaying);
        _opening = null;
        _quietSince = Loop.Now;
        Loop.Arm(this, Settings.IdleTimeout);
        if (early is not null)
        {
            _pipes!.SendEarly(ConnectionSide.Client, early, own, Loop.Now);
            CountSince(toUpstream: 0, toClient: 0);
        }

        Events.ReportRelaying(this);
        Settle();
    }

    /// <summary>Ends it at once, with a reset for both sides, unless it has ended.</summary>
    public void Cut(EndReason reason)
    {
        if (Phase != ConnectionPhase.Closed)
        {
            Close(reason);
        }
    }

    /// <summary>Ends it before it relays, with a reset or, behind what was sent to the client, a FIN.</summary>
    internal void Refuse(EndReason reason, bool withFin) => Close(reason, withFin);

    void ILoopMember.Fault(Exception exception)
    {
        Cut(EndReason.Fault);
        Events.ReportFault(this, exception);
    }

    private void HandleClient(Interest ready)
    {
        if (_opening is not null)
        {
            _opening.HandleClient(ready);
            return;
        }

        switch (ready)
        {
            case Interest.Write:
                Flush(ConnectionSide.Client);
                break;
            case Interest.Reset:
                NoteReset(ConnectionSide.Client);
                break;
            default:
                Events.ReportMessage(this, Read(ConnectionSide.Client));
                break;
        }
    }

    private void HandleUpstream(Interest ready)
    {
        if (_opening is not null)
        {
            _opening.HandleUpstream();
            return;
        }

        switch (ready)
        {
            case Interest.Write:
                Flush(ConnectionSide.Upstream);
                break;
            case Interest.Reset:
                NoteReset(ConnectionSide.Upstream);
                break;
            default:
                Read(ConnectionSide.Upstream);
                break;
        }
    }

    private ReadOnlySpan<byte> Read(ConnectionSide source)
    {
        PipePair pipes = _pipes!;
        (long toUpstream, long toClient) = (pipes.BytesToUpstream, pipes.BytesToClient);
        ReadOnlySpan<byte> bytes = pipes.Read(source, Loop.Now);
        CountSince(toUpstream, toClient);
        Events.ReportRead(this, source, in pipes.From(source));
        Settle();
        return bytes;
    }

    private void Flush(ConnectionSide sink)
    {
        ConnectionSide source = sink == ConnectionSide.Client ? ConnectionSide.Upstream : ConnectionSide.Client;
        PipePair pipes = _pipes!;
        (long toUpstream, long toClient) = (pipes.BytesToUpstream, pipes.BytesToClient);
        pipes.Flush(sink, Loop.Now);
        CountSince(toUpstream, toClient);
        Events.ReportFlushed(this, source, in pipes.From(source));
        Settle();
    }

    /// <summary>Counts what was relayed since the sums were as given.</summary>
    private void CountSince(long toUpstream, long toClient)
    {
        Count(ConnectionSide.Client, BytesToUpstream - toUpstream);
        Count(ConnectionSide.Upstream, BytesToClient - toClient);
    }

    private void Count(ConnectionSide source, long bytes)
    {
        if (bytes > 0)
        {
            _quietSince = Loop.Now;
            Counters.CountRelayed(source, bytes);
            if (source == ConnectionSide.Upstream)
            {
                Record?.NoteBytesToClient(Age);
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

        ArmTimer(pipes);
        if (pipes.HasLayers)
        {
            SettleLayers(pipes);
        }
    }

    private TimeSpan QuietLimit => Settings.QuietLimit(_pipes!.IsHalfClosed);

    private void FinishRelay()
    {
        if (_pipes!.FailedSide is not { } failed)
        {
            Close(_pipes.FirstFin == ConnectionSide.Client ? EndReason.ClientFin : EndReason.UpstreamFin);
            return;
        }

        Events.ReportSideFailed(this, FailureReason());
        MoveTo(ConnectionPhase.Resetting);
        Loop.SetInterest(_client, Interest.None);
        Loop.SetInterest(_upstream!, Interest.None);
        Loop.Cancel(this);
        Socket living = failed == ConnectionSide.Client ? _upstream!.Socket : Client;
        var delivery = new ResetDelivery(Loop, this, living, Settings.HalfCloseTimeout);
        _delivery = delivery;
        delivery.Begin();
    }

    /// <summary>The other side can be reset: it has all bytes, or the wait for that was long enough.</summary>
    internal void OnDelivered() => Close(FailureReason());

    private EndReason FailureReason() => ConnectionErrors.ReasonOf(_pipes!.FailedSide!.Value, _pipes.Failure);

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

        // The first reason wins: what interrupts the delivery of a reset did not cause the end.
        reason = _pipes?.FailedSide is null ? reason : FailureReason();
        bool orderly = withFin || reason.IsOrderly();
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

    /// <summary>A client without a route counts once it has one, or ends.</summary>
    private void CountAccepted()
    {
        if (!_isCounted)
        {
            _isCounted = true;
            _shard.CountersOf(null).CountOpened();
            Counters.CountAccepted();
        }
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
