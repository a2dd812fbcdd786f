using System.Net.Sockets;
using ProxyCore.Access;
using ProxyCore.Connections.Connecting;
using ProxyCore.Connections.Encrypting;
using ProxyCore.Connections.Faults;
using ProxyCore.Connections.Limiting;
using ProxyCore.Connections.Opening;
using ProxyCore.Connections.Sockets;
using ProxyCore.Loop;
using ProxyCore.Preread.ProxyProtocol;
using ProxyCore.Preread.Tls;
using ProxyCore.Relay;
using ProxyCore.Relay.Transports;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections;

/// <summary>
/// The opening of a connection, from accept until it relays: runs the steps that its endpoint and its route need, and keeps
/// what they have learned and read.
/// </summary>
/// <remarks>A connection whose endpoint needs nothing else has only the step that connects. Belongs to the loop's thread.</remarks>
internal sealed class ConnectionOpening : IConnectingConnection, IReadingConnection, IEncryptedConnection, IUpstreamTalk, IGatedConnection,
    IFaultedConnection
{
    private readonly Connection _connection;
    private readonly Shard _shard;
    private readonly EndpointRoutes _endpoint;
    private readonly List<OpeningStep> _steps = new(capacity: 1);
    private readonly OpeningSequence _sequence;
    private EarlyBytes? _early;
    private ProxyHeader? _header;
    private ClientHello? _hello;
    private bool _isPostgresOverTls;
    private ListenerTls? _tls;
    private TlsTransport? _clientTls;
    private bool _hasSentHeader;
    private ToxicStep? _toxics;

    internal ConnectionOpening(Connection connection, Shard shard, EndpointRoutes endpoint)
    {
        _connection = connection;
        _shard = shard;
        _endpoint = endpoint;
        _sequence = new OpeningSequence(this, _steps);
    }

    Socket IIdentifiedClient.Socket => _connection.Client;

    EarlyBytes IReadingConnection.Early => Early;

    /// <summary>The client's first bytes, as far as they matter when it is refused.</summary>
    internal ClientProtocol Protocol { get; private set; }

    public Socket Client => _connection.Client;

    Socket IUpstreamTalk.Upstream => _connection.Upstream!;

    internal ListenSettings Listen => _endpoint.Settings;

    private EarlyBytes Early => _early ??= new EarlyBytes(Client, _shard.Buffers.Pool, _endpoint.PrereadBudget);

    /// <summary>Whether the proxy ends the TLS of clients of this route.</summary>
    private bool EndsTls => _tls is not null && _connection.Route!.Settings.Tls == RouteTlsMode.Terminate;

    /// <summary>Begins with the first step. The connection may relay, or have ended, before this returns.</summary>
    internal void Begin()
    {
        if (_endpoint.OpensDirectly && _shard.RouteSet is { HasGates: false, HasSelector: false })
        {
            ConnectUpstream(_endpoint.Only);
        }
        else
        {
            AddSteps();
        }

        _sequence.Begin();
    }

    /// <summary>The client's socket is ready.</summary>
    internal void HandleClient(Interest ready)
    {
        if (ready == Interest.Reset)
        {
            _connection.Cut(EndReason.ClientReset);
            return;
        }

        _sequence.OnClientReadable();
    }

    /// <summary>The upstream's socket is ready.</summary>
    internal void HandleUpstream() => _sequence.OnUpstreamReadable();

    /// <summary>The step that runs has taken as long as it may.</summary>
    internal void OnTimeLimit() => _sequence.OnTimeLimit();

    /// <summary>The toxics of the route have changed.</summary>
    internal void OnToxicsChanged() => _toxics?.OnToxicsChanged();

    /// <summary>The connection ends before it relays.</summary>
    internal void Abandon()
    {
        _sequence.Abandon();
        _early?.Release();
        _clientTls?.Release();
    }

    /// <summary>Why a client may not be routed, on an endpoint that ends TLS; null when it may.</summary>
    internal string? FindTlsRefusal() => (_tls, _hello) switch
    {
        (null, _) => null,
        (_, null) => "the client does not speak TLS",
        ({ Settings.UnknownName: UnknownNameAction.Reject }, { ServerName: { } name }) when !_endpoint.HasName(_hello) && !_tls.HasName(name) =>
            "neither a route nor a certificate has its server name",
        _ => null,
    };

    /// <summary>Chooses the route by what is known of the client; false when none is for it.</summary>
    internal bool TryChooseRoute()
    {
        Route? route = _shard.RouteSet.ChooseRoute(_endpoint.Find(_hello), this);
        if (route is null)
        {
            return false;
        }

        ConnectUpstream(route);
        return true;
    }

    /// <summary>Whether the route asks for a certificate that the client can't show, because its endpoint does not end TLS.</summary>
    internal bool LacksCertificate => _tls is null && _connection.Route?.Settings.ClientCertificates is { Mode: ClientCertificateMode.Required };

    void ILoopMember.Fault(Exception exception) => ((ILoopMember)_connection).Fault(exception);

    ClientIdentity IIdentifiedClient.Identify() => _connection.IdentifyClient();

    void IOpeningConnection.WatchClient(Interest interest) => _connection.WatchOpeningClient(interest);

    void IOpeningConnection.ArmStepTimer(TimeSpan delay) => _shard.Loop.Arm(_connection, delay);

    void IOpeningConnection.CancelStepTimer() => _shard.Loop.Cancel(_connection);

    void IOpeningConnection.MoveTo(ConnectionPhase phase) => _connection.MoveTo(phase);

    void IOpeningConnection.Refuse(in StepOutcome refusal)
    {
        if (refusal.Cause is { } cause)
        {
            _shard.Events.ReportRefusal(_connection, refusal.Reason, cause);
        }

        _connection.Refuse(refusal.Reason, withFin: refusal.End == RefusalEnd.Fin);
    }

    void IReadingConnection.NoteHeader(ProxyHeader header)
    {
        _header = header;
        ClientIdentity sender = _connection.IdentifyClient();
        if (!header.IsLocal)
        {
            sender = sender with { Address = header.Source, Sender = sender.Address, Destination = header.Destination };
        }

        _connection.Identify(sender with { ProxyTlvs = header.Tlvs });
    }

    void IReadingConnection.NoteHello(ClientHello hello, bool isOfPostgres)
    {
        _hello = hello;
        _isPostgresOverTls = isOfPostgres;
        Protocol = ClientProtocol.Tls;
        _connection.Identify(_connection.IdentifyClient() with { ServerName = hello.ServerName, Alpn = hello.FirstAlpn });
    }

    bool IEncryptedConnection.AsksForCertificate =>
        (_connection.Route!.Settings.ClientCertificates ?? _tls!.Settings.Clients).Mode != ClientCertificateMode.None;

    bool IEncryptedConnection.TryTakeTurn(Action later) => _shard.Tls.Turns.TryTake(_connection, later);

    TlsTransport IEncryptedConnection.AcceptTls() => _clientTls = _shard.Tls.Accept(
        _tls!, _hello!.ServerName, _connection.Route!.Settings.ClientCertificates, Client, _early?.Take());

    void IEncryptedConnection.NoteTls(TlsInfo info) => _connection.Identify(_connection.IdentifyClient() with { Tls = info, Alpn = info.Alpn });

    void IReadingConnection.NotePlainPostgres() => Protocol = ClientProtocol.Postgres;

    bool IUpstreamTalk.TrySend(ReadOnlySpan<byte> bytes)
    {
        byte[] all = [.. MakeHeader(_connection.Member!), .. bytes];
        _hasSentHeader = true;
        return SocketTransfer.Send(_connection.Upstream!, all, out int sent) == TransferResult.Success && sent == all.Length;
    }

    void IUpstreamTalk.WatchUpstream(Interest interest) => _connection.WatchOpeningUpstream(interest);

    void IFaultedConnection.NoteToxic(string name) => _connection.Record?.Facts.Toxic = name;

    void IGatedConnection.Keep(ClientUse use) => _connection.Keep(use);

    void IGatedConnection.ReportExceeded(EndReason reason, string cause) =>
        _shard.Events.ReportRefusal(_connection, reason, cause + "; it goes on, because the limit is only logged");

    void IConnectingConnection.NoteAttempt(string upstream) => _connection.Record?.NoteAttempt(upstream);

    UpstreamSecurity? IConnectingConnection.SecurityFor(PoolMember upstream) => upstream.Settings.Tls is { } tls
        ? new UpstreamSecurity(
            tls.Settings.StartTls,
            _ => MakeHeader(upstream),
            _shard.Tls.BeginnerFor(tls, _connection.IdentifyClient().Tls?.Alpn),
            _shard.Tls.Turns)
        : null;

    void IConnectingConnection.OnConnected(in ConnectedUpstream upstream)
    {
        // Ahead of TLS the header went out already.
        _hasSentHeader = upstream.Tls is not null;
        TlsTransport? client = _clientTls;
        _clientTls = null;
        _connection.AttachUpstream(in upstream, client);
    }

    void IOpeningConnection.BeginRelay()
    {
        bool isHeaderMissing = !_hasSentHeader && _connection.Member!.Settings.SendProxyProtocol is not null;
        int own = isHeaderMissing ? PrependHeader() : 0;
        _connection.BeginRelay(_early?.Take(), own);
    }

    private void AddSteps()
    {
        bool expectsHeader = _endpoint.ExpectsHeader(_connection.IdentifyClient().Address);
        if (expectsHeader)
        {
            _steps.Add(new ProxyHeaderStep(this, Listen.ProxyProtocol!));
        }

        // The address may be denied while its header is waited for.
        AddGate(_shard.RouteSet.Gate, "proxy", isAsked: expectsHeader);
        _tls = Listen.Tls is { } tls ? _shard.Tls.For(tls) : null;
        if (_endpoint.NeedsHello)
        {
            _steps.Add(new PrereadStep(this, Listen));
        }

        _steps.Add(new RouteStep(this));
    }

    private void AddGate(ClientGate gate, string scope, bool isAsked = false)
    {
        if (isAsked || !gate.IsOpen)
        {
            _steps.Add(new GateStep(this, _shard.Loop, gate, scope));
        }
    }

    private void ConnectUpstream(Route? route)
    {
        _connection.UseRoute(route!);
        if (ToxicStep.IsNeededFor(route!.Toxics))
        {
            _toxics = new ToxicStep(this, _connection.Id, route.Toxics, _shard.ToxicSeed, _shard.Loop);
            _steps.Add(_toxics);
        }

        AddGate(route.Gate, "route");
        if (route.Settings.MaxConnections is { } maximum)
        {
            _steps.Add(new RouteMaximumStep(route, maximum));
        }

        if (EndsTls)
        {
            _steps.Add(new ClientTlsStep(this, _tls!.Settings.HandshakeTimeout));
        }

        _steps.Add(new ConnectStep(
            this, _shard.Loop, route.Settings, route.Pool, new ConnectLog(_shard.Logger, _connection.Id)));
        if (_isPostgresOverTls && !EndsTls)
        {
            _steps.Add(new PostgresUpstreamStep(this, route.Settings.ConnectTimeout));
        }
    }

    /// <summary>Puts the PROXY header for the upstream ahead of what the client has sent, so that one write sends both.</summary>
    private int PrependHeader()
    {
        ProxyHeaderContent content = DescribeClient(_connection.Member!);
        return Early.Prepend(ProxyHeaderWriter.MeasureLength(in content), in content, ProxyHeaderWriter.Write);
    }

    private byte[] MakeHeader(PoolMember upstream)
    {
        if (upstream.Settings.SendProxyProtocol is null)
        {
            return [];
        }

        ProxyHeaderContent content = DescribeClient(upstream);
        var header = new byte[ProxyHeaderWriter.MeasureLength(in content)];
        return header[..ProxyHeaderWriter.Write(header, in content)];
    }

    private ProxyHeaderContent DescribeClient(PoolMember upstream) => UpstreamHeader.ContentFor(
        upstream.Settings.SendProxyProtocol!, _connection.Id, _connection.IdentifyClient(), Client, _header);
}
