using System.Net.Sockets;
using ProxyCore.Access;
using ProxyCore.Connections.Connecting;
using ProxyCore.Connections.Limiting;
using ProxyCore.Connections.Opening;
using ProxyCore.Connections.Sockets;
using ProxyCore.Loop;
using ProxyCore.Preread.ProxyProtocol;
using ProxyCore.Preread.Tls;
using ProxyCore.Relay;
using ProxyCore.Settings;

namespace ProxyCore.Connections;

/// <summary>
/// The opening of a connection, from accept until it relays: runs the steps that its endpoint and its route need, and keeps
/// what they have learned and read.
/// </summary>
/// <remarks>A connection whose endpoint needs nothing else has only the step that connects. Belongs to the loop's thread.</remarks>
internal sealed class ConnectionOpening : IConnectingConnection, IReadingConnection, IUpstreamTalk, IGatedConnection
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
    private bool _hasSentHeader;

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

    /// <summary>Begins with the first step. The connection may relay, or have ended, before this returns.</summary>
    internal void Begin()
    {
        if (_endpoint.OpensDirectly && !_shard.RouteSet.HasGates)
        {
            ConnectUpstream(_shard.RouteSet.ChooseRoute(_endpoint.Only, this));
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

    /// <summary>The connection ends before it relays.</summary>
    internal void Abandon()
    {
        _sequence.Abandon();
        _early?.Release();
    }

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
        if (!header.IsLocal)
        {
            ClientIdentity sender = _connection.IdentifyClient();
            _connection.Identify(sender with { Address = header.Source, Sender = sender.Address, Destination = header.Destination });
        }
    }

    void IReadingConnection.NoteHello(ClientHello hello, bool isOfPostgres)
    {
        _hello = hello;
        _isPostgresOverTls = isOfPostgres;
        Protocol = ClientProtocol.Tls;
        _connection.Identify(_connection.IdentifyClient() with { ServerName = hello.ServerName, Alpn = hello.FirstAlpn });
    }

    void IReadingConnection.NotePlainPostgres() => Protocol = ClientProtocol.Postgres;

    bool IUpstreamTalk.TrySend(ReadOnlySpan<byte> bytes)
    {
        byte[] all = [.. MakeHeader(), .. bytes];
        _hasSentHeader = true;
        return SocketTransfer.Send(_connection.Upstream!, all, out int sent) == TransferResult.Success && sent == all.Length;
    }

    void IUpstreamTalk.WatchUpstream(Interest interest) => _connection.WatchOpeningUpstream(interest);

    void IGatedConnection.Keep(ClientUse use) => _connection.Keep(use);

    void IGatedConnection.ReportExceeded(EndReason reason, string cause) =>
        _shard.Events.ReportRefusal(_connection, reason, cause + "; it goes on, because the limit is only logged");

    void IConnectingConnection.NoteAttempt(string upstream) => _connection.Record?.NoteAttempt(upstream);

    void IConnectingConnection.OnConnected(in ConnectedUpstream upstream) => _connection.AttachUpstream(in upstream);

    void IOpeningConnection.BeginRelay()
    {
        bool isHeaderMissing = !_hasSentHeader && _connection.Member!.Settings.SendProxyProtocol is not null;
        int own = isHeaderMissing ? PrependHeader() : 0;
        _connection.BeginRelay(_early?.Take(), own);
    }

    private void AddSteps()
    {
        if (_endpoint.ExpectsHeader(_connection.IdentifyClient().Address))
        {
            _steps.Add(new ProxyHeaderStep(this, Listen.ProxyProtocol!));
        }

        AddGate(_shard.RouteSet.Gate, "proxy");
        if (_endpoint.NeedsHello)
        {
            _steps.Add(new PrereadStep(this, Listen));
        }

        _steps.Add(new RouteStep(this));
    }

    private void AddGate(ClientGate gate, string scope)
    {
        if (!gate.IsOpen)
        {
            _steps.Add(new GateStep(this, _shard.Loop, gate, scope));
        }
    }

    private void ConnectUpstream(Route? route)
    {
        _connection.UseRoute(route!);
        AddGate(route!.Gate, "route");
        if (route.Settings.MaxConnections is { } maximum)
        {
            _steps.Add(new RouteMaximumStep(route, maximum));
        }

        _steps.Add(new ConnectStep(
            this, _shard.Loop, route.Settings, route.Pool, new ConnectLog(_shard.Logger, _connection.Id)));
        if (_isPostgresOverTls)
        {
            _steps.Add(new PostgresUpstreamStep(this, route.Settings.ConnectTimeout));
        }
    }

    /// <summary>Puts the PROXY header for the upstream ahead of what the client has sent, so that one write sends both.</summary>
    private int PrependHeader()
    {
        ProxyHeaderContent content = DescribeClient();
        return Early.Prepend(ProxyHeaderWriter.MeasureLength(in content), in content, ProxyHeaderWriter.Write);
    }

    private byte[] MakeHeader()
    {
        if (_connection.Member!.Settings.SendProxyProtocol is null)
        {
            return [];
        }

        ProxyHeaderContent content = DescribeClient();
        var header = new byte[ProxyHeaderWriter.MeasureLength(in content)];
        return header[..ProxyHeaderWriter.Write(header, in content)];
    }

    private ProxyHeaderContent DescribeClient() => UpstreamHeader.ContentFor(
        _connection.Member!.Settings.SendProxyProtocol!, _connection.Id, _connection.IdentifyClient(), Client, _header);
}
