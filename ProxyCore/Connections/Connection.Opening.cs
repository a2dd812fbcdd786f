using System.Net;
using System.Net.Sockets;
using ProxyCore.Access;
using ProxyCore.Connections.Connecting;
using ProxyCore.Connections.Dialing;
using ProxyCore.Connections.Faults;
using ProxyCore.Connections.Limiting;
using ProxyCore.Connections.Sockets;
using ProxyCore.Loop;
using ProxyCore.Platform;
using ProxyCore.Relay;
using ProxyCore.Relay.Transports;

namespace ProxyCore.Connections;

/// <content>The way from accept to relay, as far as it concerns what the connection keeps: who the client is, its route, its upstream.</content>
internal sealed partial class Connection
{
    /// <summary>Enters the table and begins to open.</summary>
    /// <param name="client">The client, as it was accepted.</param>
    /// <param name="endpoint">Where it was accepted.</param>
    internal void Open(AcceptedClient client, EndpointRoutes endpoint)
    {
        _shard.CountersOf(null).CountOpening();
        if (Record is not null || client.Address is not null)
        {
            Identify(new ClientIdentity { Address = ClientAddress.Of(client) });
        }

        _client.Enter(_shard);
        Events.ReportAccepted(this);
        _opening = new ConnectionOpening(this, _shard, endpoint);
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

    /// <summary>Whether its client has one of these addresses.</summary>
    internal bool IsFrom(AddressSet addresses) => IdentifyClient().Address is IPEndPoint { Address: var client } && addresses.Contains(client);

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
    /// <param name="upstream">The upstream.</param>
    /// <param name="clientTls">TLS to the client, which belongs to the relay from now on; null without.</param>
    internal void AttachUpstream(in ConnectedUpstream upstream, TlsTransport? clientTls)
    {
        Member = upstream.Member;
        Record?.Facts.UpstreamTls = upstream.Tls?.Describe();
        _upstream = new UpstreamSide(upstream.Socket, this);
        _upstream.Enter(_shard);
        RelayLayers? stages = _shard.LayersFor(_route!, this, upstream.Socket);
        RelayLayers? layers = RelayLayers.Around(stages, clientTls, upstream.Tls);
        _pipes = new PipePair(Client, upstream.Socket, _shard.Buffers, layers, upstreamDelays: Settings.NoDelay && upstream.Tls is null);
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
        Loop.Arm(this, NextDue(Settings.IdleTimeout));
        if (_route!.Toxics.All is { Count: > 0 } toxics)
        {
            UseToxics(toxics, _pipes!);
        }

        if (early is not null)
        {
            Events.ReportMessage(this, early.Span[own..]);
            _pipes!.SendEarly(ConnectionSide.Client, early, own, Loop.Now);
            CountSince(_pipes, toUpstream: 0, toClient: 0);
        }

        Events.ReportRelaying(this);
        Settle();
        if (Phase == ConnectionPhase.Relaying)
        {
            RelayFirstBytes(_pipes!, own);
        }
    }

    /// <summary>
    /// Reads what has come from the client while its upstream was connected, most likely its request, without waiting for an
    /// event. An upstream that gets nothing now learns of the connection otherwise: see <see cref="ConnectAck"/>.
    /// </summary>
    private void RelayFirstBytes(PipePair pipes, int own)
    {
        Socket upstream = Upstream!;
        if (pipes.HasLayers)
        {
            // A stage may keep bytes back, for longer than the upstream should wait.
            ConnectAck.SendNow(upstream);
            return;
        }

        // An upstream that has reset the connection already takes no bytes.
        bool canRead = pipes.From(ConnectionSide.Client).WantsRead;
        if (own > 0 || pipes.BytesToUpstream > 0 || !canRead || !TargetSystem.IsLinux)
        {
            return;
        }

        HandleClient(Interest.Read);
        if (pipes.BytesToUpstream == 0 && Phase == ConnectionPhase.Relaying)
        {
            ConnectAck.SendNow(upstream);
        }
    }

    /// <summary>Does what the toxics of its route say now.</summary>
    internal void FollowToxics()
    {
        _opening?.OnToxicsChanged();
        if (_opening is null && Phase == ConnectionPhase.Relaying)
        {
            PipePair pipes = _pipes!;
            UseToxics(_route!.Toxics.All, pipes);
            PumpLayers(pipes);
            Settle();
        }
    }

    private void UseToxics(IReadOnlyList<RouteToxic> toxics, PipePair pipes)
    {
        _toxics ??= new ConnectionToxics(this, Id, _shard.ToxicSeed);
        _toxics.Follow(toxics, pipes, _shard.Buffers, Loop.Now);
    }

    /// <summary>Ends it before it relays, with a reset or, behind what was sent to the client, a FIN.</summary>
    internal void Refuse(EndReason reason, bool withFin) => Close(reason, withFin);

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
}
