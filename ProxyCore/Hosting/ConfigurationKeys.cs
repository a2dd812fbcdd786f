using ProxyCore.Settings;

namespace ProxyCore.Hosting;

/// <summary>Every key that a configuration may have. The reader and the schema go by this table.</summary>
internal static class ConfigurationKeys
{
    private static readonly IReadOnlyList<ConfigurationKey<ProxyProtocolOptions>> _proxyProtocol =
    [
        new ValuesKey<ProxyProtocolOptions, string>("From", "The senders that must send a header: addresses, ranges as in 10.0.0.0/8, or unix for senders on a Unix socket. At least one.",
            ValueKinds.Sender, static o => o.From),
        new ValueKey<ProxyProtocolOptions, TimeSpan>("Timeout", "How long the header may take, from accept to its last byte.",
            ValueKinds.Duration.Within(OptionLimits.Timeout), static o => o.Timeout, static (o, v) => o.Timeout = v),
        new ValuesKey<ProxyProtocolOptions, int>("Versions", "The versions that are accepted: 1, 2 or both; both, unless given.",
            ValueKinds.Whole.Within(OptionLimits.ProxyVersion), static o => o.Versions),
        new ValueKey<ProxyProtocolOptions, int>("MaxHeaderBytes", $"The most bytes that a header may have, {OptionLimits.MaxHeaderBytes.Least} to {OptionLimits.MaxHeaderBytes.Most}.",
            ValueKinds.SizeWithin(OptionLimits.MaxHeaderBytes), static o => o.MaxHeaderBytes, static (o, v) => o.MaxHeaderBytes = v),
    ];

    private static readonly IReadOnlyList<ConfigurationKey<CertificateOptions>> _certificate =
    [
        new ValueKey<CertificateOptions, string>("Certificate", "The file with the certificate, and behind it those that have issued it: PEM, or PKCS #12, which has the key too. Required.",
            ValueKinds.File, static o => o.Certificate, static (o, v) => o.Certificate = v),
        new ValueKey<CertificateOptions, string?>("Key", "The file with the private key, PEM; without it, that of the certificate.",
            ValueKinds.OptionalFile, static o => o.Key, static (o, v) => o.Key = v),
        new ValueKey<CertificateOptions, string?>("PasswordFile", "The file whose first line is the password of an encrypted key.",
            ValueKinds.OptionalFile, static o => o.PasswordFile, static (o, v) => o.PasswordFile = v),
    ];

    private static readonly IReadOnlyList<ConfigurationKey<ListenTlsOptions>> _listenTls =
    [
        new ObjectsKey<ListenTlsOptions, CertificateOptions>("Certificates", "The certificates; a client gets the first that has the name it asks for, or else the first of all. At least one.",
            _certificate, static o => o.Certificates, static certificate => $"certificate {certificate.Certificate}"),
        new ValueKey<ListenTlsOptions, ClientCertificateMode>("ClientCertificates", "Whether clients are asked for a certificate: None, Optional or Required. A route may say otherwise for its clients.",
            ValueKinds.ClientCertificates, static o => o.ClientCertificates, static (o, v) => o.ClientCertificates = v),
        new ValueKey<ListenTlsOptions, string?>("ClientCa", "The PEM file with the certificates that may have issued those of clients; required where they are asked.",
            ValueKinds.OptionalFile, static o => o.ClientCa, static (o, v) => o.ClientCa = v),
        new ValuesKey<ListenTlsOptions, string>("Alpn", $"The application protocols, most wanted first, as h2, up to {OptionLimits.Protocols.Most}; without them, none is agreed on.",
            ValueKinds.ApplicationProtocol, static o => o.Alpn),
        new ValueKey<ListenTlsOptions, TlsVersion>("MinimumVersion", "The oldest version that is spoken: 1.2 or 1.3.",
            ValueKinds.OldestTls, static o => o.MinimumVersion, static (o, v) => o.MinimumVersion = v),
        new ValueKey<ListenTlsOptions, TimeSpan>("HandshakeTimeout", "How long the handshake may take, from the end of the hello.",
            ValueKinds.Duration.Within(OptionLimits.Timeout), static o => o.HandshakeTimeout, static (o, v) => o.HandshakeTimeout = v),
        new ValueKey<ListenTlsOptions, TruncationAction>("OnTruncation", "What follows when a client ends with a FIN and no close_notify: Tolerate takes it for the end, Reset resets the upstream.",
            ValueKinds.TruncationAction, static o => o.OnTruncation, static (o, v) => o.OnTruncation = v),
        new ValueKey<ListenTlsOptions, UnknownNameAction>("UnknownName", "What a client gets whose name neither a route nor a certificate has: Default, the default route with the first certificate, or Reject, an alert.",
            ValueKinds.UnknownNameAction, static o => o.UnknownName, static (o, v) => o.UnknownName = v),
    ];

    private static readonly IReadOnlyList<ConfigurationKey<UpstreamTlsOptions>> _upstreamTls =
    [
        new ValueKey<UpstreamTlsOptions, string?>("ServerName", "The name that it is asked for, and that its certificate must have; without it, the host in its address.",
            ValueKinds.OptionalHostName, static o => o.ServerName, static (o, v) => o.ServerName = v),
        new ValueKey<UpstreamTlsOptions, string?>("Ca", "The PEM file with the certificates that may have issued the upstream's; without it, those that the system trusts.",
            ValueKinds.OptionalFile, static o => o.Ca, static (o, v) => o.Ca = v),
        new ValueKey<UpstreamTlsOptions, bool>("Verify", "Whether the upstream's certificate is verified. Without it anybody on the way can read and change the bytes.",
            ValueKinds.Switch, static o => o.Verify, static (o, v) => o.Verify = v),
        new ObjectKey<UpstreamTlsOptions, CertificateOptions>("Certificate", "The certificate that the upstream gets when it asks for one; without it, none.",
            _certificate, static o => o.Certificate, static (o, v) => o.Certificate = v),
        new ValuesKey<UpstreamTlsOptions, string>("Alpn", $"The application protocols to offer, most wanted first, up to {OptionLimits.Protocols.Most}; or {UpstreamTlsOptions.ClientAlpn}, for the one that the client has agreed on.",
            ValueKinds.ApplicationProtocol, static o => o.Alpn)
        { Single = (UpstreamTlsOptions.ClientAlpn, UpstreamTlsOptions.ClientAlpn) },
        new ValueKey<UpstreamTlsOptions, TlsVersion>("MinimumVersion", "The oldest version that is spoken: 1.2 or 1.3.",
            ValueKinds.OldestTls, static o => o.MinimumVersion, static (o, v) => o.MinimumVersion = v),
        new ValueKey<UpstreamTlsOptions, StartTlsMode>("StartTls", "How it is asked for TLS: None, TLS begins with the first byte, or Postgres, by an SSLRequest.",
            ValueKinds.StartTlsMode, static o => o.StartTls, static (o, v) => o.StartTls = v),
        new ValueKey<UpstreamTlsOptions, TruncationAction>("OnTruncation", "What follows when the upstream ends with a FIN and no close_notify: Tolerate takes it for the end, Reset resets the client.",
            ValueKinds.TruncationAction, static o => o.OnTruncation, static (o, v) => o.OnTruncation = v),
    ];

    private static readonly IReadOnlyList<ConfigurationKey<ListenOptions>> _listen =
    [
        new ValueKey<ListenOptions, string>("Address", "Where clients come in: PORT, HOST:PORT, *:PORT or unix:/path. Required.",
            ValueKinds.ListenEndpoint, static o => o.Address, static (o, v) => o.Address = v),
        new ValueKey<ListenOptions, ConnectionRate?>("MaxConnectionRate", "How fast clients are accepted, such as 500/s; further ones wait in the backlog. As fast as they come, unless given.",
            ValueKinds.OptionalRate, static o => o.MaxConnectionRate, static (o, v) => o.MaxConnectionRate = v),
        new ObjectKey<ListenOptions, ProxyProtocolOptions>("ProxyProtocol", "From which senders PROXY headers are taken, with the address of the client; without it, from none.",
            _proxyProtocol, static o => o.ProxyProtocol, static (o, v) => o.ProxyProtocol = v),
        new ObjectKey<ListenOptions, ListenTlsOptions>("Tls", "How the TLS of clients is ended; without it, it is not, and bytes are relayed as they are.",
            _listenTls, static o => o.Tls, static (o, v) => o.Tls = v),
        new ValueKey<ListenOptions, int>("PrereadLimit", $"The most bytes of a TLS hello that are read to choose a route, {ByteSizes.Format(OptionLimits.PrereadLimit.Least)} to {ByteSizes.Format(OptionLimits.PrereadLimit.Most)}.",
            ValueKinds.SizeWithin(OptionLimits.PrereadLimit), static o => o.PrereadLimit, static (o, v) => o.PrereadLimit = v),
        new ValueKey<ListenOptions, TimeSpan>("PrereadTimeout", "How long the hello may take; a client that is silent for so long goes to the default route.",
            ValueKinds.Duration.Within(OptionLimits.Timeout), static o => o.PrereadTimeout, static (o, v) => o.PrereadTimeout = v),
        new ValueKey<ListenOptions, int>("PrereadMemory", $"How many bytes all clients together may hold while they are read, {ByteSizes.Format(OptionLimits.PrereadMemory.Least)} to {ByteSizes.Format(OptionLimits.PrereadMemory.Most)}.",
            ValueKinds.SizeWithin(OptionLimits.PrereadMemory), static o => o.PrereadMemory, static (o, v) => o.PrereadMemory = v),
        new ValueKey<ListenOptions, NoRouteAction>("OnNoRoute", "What a TLS client gets whose name has no route: Alert, which tells it so, or Close.",
            ValueKinds.NoRouteAction, static o => o.OnNoRoute, static (o, v) => o.OnNoRoute = v),
    ];

    private static readonly IReadOnlyList<ConfigurationKey<UpstreamOptions>> _upstream =
    [
        new ValueKey<UpstreamOptions, string>("Address", "Where the upstream is: PORT, HOST:PORT, unix:/path, or srv:NAME for the servers in SRV records of the DNS. Required.",
            ValueKinds.UpstreamEndpoint, static o => o.Address, static (o, v) => o.Address = v),
        new ValueKey<UpstreamOptions, int>("Weight", $"Its share of the connections beside the weights of the others, {OptionLimits.Weight.Least} to {OptionLimits.Weight.Most}; with 0 it gets no new ones.",
            ValueKinds.Whole.Within(OptionLimits.Weight), static o => o.Weight, static (o, v) => o.Weight = v),
        new ValueKey<UpstreamOptions, int?>("MaxConnections", "How many connections it may have at a time; more wait in the queue.",
            ValueKinds.OptionalWhole.Within(OptionLimits.AnyCount), static o => o.MaxConnections, static (o, v) => o.MaxConnections = v),
        new ValueKey<UpstreamOptions, bool>("Backup", "Whether it gets connections only when none of the others can be had.",
            ValueKinds.Switch, static o => o.Backup, static (o, v) => o.Backup = v),
        new ValueKey<UpstreamOptions, bool>("EachAddress", "Whether each address of a name counts as an upstream of its own.",
            ValueKinds.Switch, static o => o.EachAddress, static (o, v) => o.EachAddress = v),
        new ValueKey<UpstreamOptions, ProxyProtocolVersion?>("SendProxyProtocol", "The version of the PROXY header, V1 or V2, that tells it the address of the client; without it, none.",
            ValueKinds.ProxyProtocolVersion, static o => o.SendProxyProtocol, static (o, v) => o.SendProxyProtocol = v),
        new FlagsKey<UpstreamOptions, ProxyTlvs>("ProxyTlvs", "What a header of version 2 carries beside the addresses: Authority, Alpn, UniqueId, Ssl, Crc32C, Received.",
            ValueKinds.ProxyTlv, static (o, v) => o.ProxyTlvs.HasFlag(v), static (o, v) => o.ProxyTlvs |= v),
        new ObjectKey<UpstreamOptions, UpstreamTlsOptions>("Tls", "How TLS is spoken to it; without it, it is not.",
            _upstreamTls, static o => o.Tls, static (o, v) => o.Tls = v),
    ];

    private static readonly IReadOnlyList<ConfigurationKey<PassiveHealthOptions>> _passiveHealth =
    [
        new ValueKey<PassiveHealthOptions, int>("Failures", "How many connects in a row must fail to take an upstream out; 0 never does.",
            ValueKinds.Whole.Within(OptionLimits.CountOrNone), static o => o.Failures, static (o, v) => o.Failures = v),
        new ValueKey<PassiveHealthOptions, TimeSpan>("OutTime", "For how long it is out at first; doubled each time that the one connection after it fails.",
            ValueKinds.Duration.Within(OptionLimits.Timeout), static o => o.OutTime, static (o, v) => o.OutTime = v),
        new ValueKey<PassiveHealthOptions, TimeSpan>("MaxOutTime", "The longest that it is out.",
            ValueKinds.Duration.Within(OptionLimits.Timeout), static o => o.MaxOutTime, static (o, v) => o.MaxOutTime = v),
        new ValueKey<PassiveHealthOptions, double?>("MaxOutShare", "The largest share of the upstreams that may be out at a time, 0 to 1; without it there is no bound.",
            ValueKinds.OptionalShare, static o => o.MaxOutShare, static (o, v) => o.MaxOutShare = v),
    ];

    private static readonly IReadOnlyList<ConfigurationKey<RetryBudgetOptions>> _retryBudget =
    [
        new ValueKey<RetryBudgetOptions, double>("Share", "How many retries there may be for each client, 0 to 1.",
            ValueKinds.Share, static o => o.Share, static (o, v) => o.Share = v),
        new ValueKey<RetryBudgetOptions, int>("Minimum", "How many retries a second there may be beside these.",
            ValueKinds.Whole.Within(OptionLimits.CountOrNone), static o => o.Minimum, static (o, v) => o.Minimum = v),
    ];

    private static readonly IReadOnlyList<ConfigurationKey<HealthCheckOptions>> _healthCheck =
    [
        new ValueKey<HealthCheckOptions, TimeSpan>("Interval", "From the end of one check of an upstream to the next.",
            ValueKinds.Duration.Within(OptionLimits.CheckInterval), static o => o.Interval, static (o, v) => o.Interval = v),
        new ValueKey<HealthCheckOptions, TimeSpan>("Timeout", "How long a check may take, answer included.",
            ValueKinds.Duration.Within(OptionLimits.Timeout), static o => o.Timeout, static (o, v) => o.Timeout = v),
        new ValueKey<HealthCheckOptions, int>("Rise", "How many checks in a row must succeed until an upstream is up again.",
            ValueKinds.Whole.Within(OptionLimits.AnyCount), static o => o.Rise, static (o, v) => o.Rise = v),
        new ValueKey<HealthCheckOptions, int>("Fall", "How many checks in a row must fail until an upstream is down.",
            ValueKinds.Whole.Within(OptionLimits.AnyCount), static o => o.Fall, static (o, v) => o.Fall = v),
        new ValueKey<HealthCheckOptions, string>("Send", $"What is sent when connected, each character a byte, up to {OptionLimits.Send.Most}.",
            ValueKinds.Bytes.Within(OptionLimits.Send), static o => o.Send, static (o, v) => o.Send = v)
        {
            // A check of Redis or of a mail server may log in.
            IsSecret = true,
        },
        new ValueKey<HealthCheckOptions, string>("Expect", $"What must be in the first 4096 bytes that come, each character a byte, up to {OptionLimits.Expect.Most}; empty: the connect is enough.",
            ValueKinds.Bytes.Within(OptionLimits.Expect), static o => o.Expect, static (o, v) => o.Expect = v),
        new ValueKey<HealthCheckOptions, bool>("EndSessions", "Whether connections to an upstream are ended when it goes down.",
            ValueKinds.Switch, static o => o.EndSessions, static (o, v) => o.EndSessions = v),
    ];

    private static readonly IReadOnlyList<ConfigurationKey<AccessOptions>> _access =
    [
        new ValuesKey<AccessOptions, string>("Allow", "The only clients that may connect: addresses and ranges, as in 10.0.0.0/8. All may when there are none, and no AllowFiles.",
            ValueKinds.AddressRange, static o => o.Allow),
        new ValuesKey<AccessOptions, string>("Deny", "The clients that may not connect, even if they are among the allowed ones: addresses and ranges.",
            ValueKinds.AddressRange, static o => o.Deny),
        new ValuesKey<AccessOptions, string>("AllowFiles", "Files with more of Allow, one a line; # begins a comment. A file that has changed is read again.",
            ValueKinds.File, static o => o.AllowFiles),
        new ValuesKey<AccessOptions, string>("DenyFiles", "Files with more of Deny, in the same form.",
            ValueKinds.File, static o => o.DenyFiles),
        new ValueKey<AccessOptions, bool>("EndDenied", "Whether open connections end when a change of the lists no longer lets their clients in.",
            ValueKinds.Switch, static o => o.EndDenied, static (o, v) => o.EndDenied = v),
    ];

    private static readonly IReadOnlyList<ConfigurationKey<BandwidthOptions>> _bandwidth =
    [
        new ValueKey<BandwidthOptions, long?>("ToClient", $"Bytes a second towards clients, {ByteSizes.Format(OptionLimits.Bandwidth.Least)} to {ByteSizes.Format(OptionLimits.Bandwidth.Most)}; without it there is no limit.",
            ValueKinds.Bandwidth, static o => o.ToClient, static (o, v) => o.ToClient = v),
        new ValueKey<BandwidthOptions, long?>("ToUpstream", $"Bytes a second towards upstreams, {ByteSizes.Format(OptionLimits.Bandwidth.Least)} to {ByteSizes.Format(OptionLimits.Bandwidth.Most)}; without it there is no limit.",
            ValueKinds.Bandwidth, static o => o.ToUpstream, static (o, v) => o.ToUpstream = v),
        new ValueKey<BandwidthOptions, long?>("Burst", "How many bytes may pass at once after a pause, in each direction; without it a tenth of what passes in a second, 16k at least.",
            ValueKinds.Bandwidth, static o => o.Burst, static (o, v) => o.Burst = v),
        new ValueKey<BandwidthOptions, BandwidthScope>("Per", "Which connections share the rate: none (Connection), those of one client address (Client) or all of the route (Route).",
            ValueKinds.BandwidthScope, static o => o.Per, static (o, v) => o.Per = v),
    ];

    private static readonly IReadOnlyList<ConfigurationKey<ClientLimitOptions>> _clientLimits =
    [
        new ValueKey<ClientLimitOptions, int?>("Connections", "How many connections a client may have at a time.",
            ValueKinds.OptionalWhole.Within(OptionLimits.AnyCount), static o => o.Connections, static (o, v) => o.Connections = v),
        new ValueKey<ClientLimitOptions, ConnectionRate?>("ConnectionRate", "How fast a client may open connections: 10/s, 600/m or 1000/h.",
            ValueKinds.OptionalRate, static o => o.ConnectionRate, static (o, v) => o.ConnectionRate = v),
        new ValueKey<ClientLimitOptions, int?>("Burst", "How many connections a client may open at once after a pause; the number in ConnectionRate, unless given.",
            ValueKinds.OptionalWhole.Within(OptionLimits.Burst), static o => o.Burst, static (o, v) => o.Burst = v),
        new ValueKey<ClientLimitOptions, int>("Prefix4", "How many bits of an IPv4 address tell clients apart.",
            ValueKinds.Whole.Within(OptionLimits.Prefix4), static o => o.Prefix4, static (o, v) => o.Prefix4 = v),
        new ValueKey<ClientLimitOptions, int>("Prefix6", "How many bits of an IPv6 address tell clients apart.",
            ValueKinds.Whole.Within(OptionLimits.Prefix6), static o => o.Prefix6, static (o, v) => o.Prefix6 = v),
        new ValueKey<ClientLimitOptions, int>("Entries", "How many clients are remembered; those with a connection always are.",
            ValueKinds.Whole.Within(OptionLimits.Entries), static o => o.Entries, static (o, v) => o.Entries = v),
        new ValueKey<ClientLimitOptions, LimitAction>("OnExceeded", "What happens to a connection that exceeds a limit: Reset, Close, Wait or LogOnly.",
            ValueKinds.ExceededAction, static o => o.OnExceeded, static (o, v) => o.OnExceeded = v),
        new ValueKey<ClientLimitOptions, TimeSpan>("WaitTimeout", "How long a connection waits for the limit, with Wait; then it is reset.",
            ValueKinds.Duration.Within(OptionLimits.Timeout), static o => o.WaitTimeout, static (o, v) => o.WaitTimeout = v),
        new ValueKey<ClientLimitOptions, int>("WaitLimit", "How many connections wait for the limit at a time, with Wait; further ones are reset.",
            ValueKinds.Whole.Within(OptionLimits.AnyCount), static o => o.WaitLimit, static (o, v) => o.WaitLimit = v),
    ];

    /// <summary>The keys of a route.</summary>
    internal static IReadOnlyList<ConfigurationKey<RouteOptions>> Route { get; } =
    [
        new ValueKey<RouteOptions, string?>("Name", "What logs call the route; route1, route2, … where it has none.",
            ValueKinds.OptionalText, static o => o.Name, static (o, v) => o.Name = v),
        new ObjectsKey<RouteOptions, ListenOptions>("Listen", "Where clients come in: PORT, HOST:PORT, *:PORT or unix:/path, or an object with more to say. At least one.",
            _listen, static o => o.Listen, static listen => $"listener {listen.Address}", ValueKinds.ListenText),
        new ValuesKey<RouteOptions, string>("ServerNames", "The server names of the TLS clients that the route serves, where routes share an endpoint: a.example, or *.b.example for all below b.example. Without names it is the endpoint's default.",
            ValueKinds.ServerName, static o => o.ServerNames),
        new ValuesKey<RouteOptions, string>("Alpn", "The application protocols of the TLS clients that the route serves, as h2; without them, all.",
            ValueKinds.ApplicationProtocol, static o => o.Alpn),
        new ObjectsKey<RouteOptions, UpstreamOptions>("Upstreams", "Where connections go. At least one.", _upstream, static o => o.Upstreams, static upstream => $"upstream {upstream.Address}"),
        new ValueKey<RouteOptions, string>("Balancing", "How the upstream of a connection is chosen.",
            ValueKinds.Balancing, static o => o.Balancing, static (o, v) => o.Balancing = v),
        new ValueKey<RouteOptions, ClientHashKey>("HashBy", "By what ClientHash tells clients apart: Address, ServerName, the name in their TLS hello, or ProxyTlv, a TLV of their PROXY header.",
            ValueKinds.ClientHashKey, static o => o.HashBy, static (o, v) => o.HashBy = v),
        new ValueKey<RouteOptions, byte?>("HashTlv", "The type of that TLV, as 0xE0; with HashBy ProxyTlv only.",
            ValueKinds.OptionalTlvType, static o => o.HashTlv, static (o, v) => o.HashTlv = v),
        new ValueKey<RouteOptions, TimeSpan>("ConnectTimeout", "How long a client waits for its upstream: look-up and all that are tried, but not the queue.",
            ValueKinds.Duration.Within(OptionLimits.Timeout), static o => o.ConnectTimeout, static (o, v) => o.ConnectTimeout = v),
        new ValueKey<RouteOptions, int>("ConnectAttempts", "How many rounds over the upstreams are made for a client; a pause of 200 ms, later of 1 s, comes before each but the first.",
            ValueKinds.Whole.Within(OptionLimits.AnyCount), static o => o.ConnectAttempts, static (o, v) => o.ConnectAttempts = v),
        new ObjectKey<RouteOptions, RetryBudgetOptions>("RetryBudget", "How many of the connects may be retries; without it there is no limit.",
            _retryBudget, static o => o.RetryBudget, static (o, v) => o.RetryBudget = v),
        new ValueKey<RouteOptions, int>("QueueLimit", "How many clients may wait when all upstreams are at their maximum; 0 refuses all.",
            ValueKinds.Whole.Within(OptionLimits.CountOrNone), static o => o.QueueLimit, static (o, v) => o.QueueLimit = v),
        new ValueKey<RouteOptions, TimeSpan>("QueueTimeout", "How long a client may wait in the queue.",
            ValueKinds.Duration.Within(OptionLimits.Timeout), static o => o.QueueTimeout, static (o, v) => o.QueueTimeout = v),
        new ValueKey<RouteOptions, TimeSpan>("ResolveInterval", $"After how long the names of upstreams are looked up again, {Durations.Format(OptionLimits.ResolveInterval.Least)} or more.",
            ValueKinds.Duration.Within(OptionLimits.ResolveInterval), static o => o.ResolveInterval, static (o, v) => o.ResolveInterval = v),
        new ObjectKey<RouteOptions, PassiveHealthOptions>("PassiveHealth", "When failed connects take an upstream out for a while.",
            _passiveHealth, static o => o.PassiveHealth, static (o, v) => o.PassiveHealth = v),
        new ObjectKey<RouteOptions, HealthCheckOptions>("HealthCheck", "How upstreams are checked; without it they are not.",
            _healthCheck, static o => o.HealthCheck, static (o, v) => o.HealthCheck = v),
        new ValueKey<RouteOptions, TimeSpan>("SlowStart", "How long the share of an upstream takes to grow to its whole when it comes back or is new; 0s gives it the whole at once.",
            ValueKinds.Duration.Within(OptionLimits.TimeoutOrNone), static o => o.SlowStart, static (o, v) => o.SlowStart = v),
        new ValueKey<RouteOptions, bool>("TryWhenAllOut", "Whether upstreams that checks have found down are tried when no other is left.",
            ValueKinds.Switch, static o => o.TryWhenAllOut, static (o, v) => o.TryWhenAllOut = v),
        new ValueKey<RouteOptions, TimeSpan>("IdleTimeout", "How long a connection may carry no byte either way.",
            ValueKinds.Duration.Within(OptionLimits.Timeout), static o => o.IdleTimeout, static (o, v) => o.IdleTimeout = v),
        new ValueKey<RouteOptions, TimeSpan>("HalfCloseTimeout", "The same once one side has finished sending.",
            ValueKinds.Duration.Within(OptionLimits.Timeout), static o => o.HalfCloseTimeout, static (o, v) => o.HalfCloseTimeout = v),
        new ValueKey<RouteOptions, TimeSpan?>("MaxLifetime", "How long a connection may be open; each gets 90% to 100% of it. Without it there is no limit.",
            ValueKinds.OptionalDuration.Within(OptionLimits.Timeout), static o => o.MaxLifetime, static (o, v) => o.MaxLifetime = v),
        new ValueKey<RouteOptions, LifetimeAction>("OnMaxLifetime", "How a connection ends then: Reset, or Fin, which sends both sides what the proxy holds and a FIN.",
            ValueKinds.LifetimeAction, static o => o.OnMaxLifetime, static (o, v) => o.OnMaxLifetime = v),
        new ValueKey<RouteOptions, int?>("MaxConnections", "How many connections the route may have at a time; further ones are reset.",
            ValueKinds.OptionalWhole.Within(OptionLimits.AnyCount), static o => o.MaxConnections, static (o, v) => o.MaxConnections = v),
        new ObjectKey<RouteOptions, ClientLimitOptions>("ClientLimits", "What each client may do on this route; without it there are no limits.",
            _clientLimits, static o => o.ClientLimits, static (o, v) => o.ClientLimits = v),
        new ObjectKey<RouteOptions, AccessOptions>("Access", "Which clients may use the route, by their addresses; without it, all that the proxy's own lists let in.",
            _access, static o => o.Access, static (o, v) => o.Access = v),
        new ValueKey<RouteOptions, int>("Backlog", "How many clients may wait to be accepted.",
            ValueKinds.Whole.Within(OptionLimits.AnyCount), static o => o.Backlog, static (o, v) => o.Backlog = v),
        new ValueKey<RouteOptions, bool>("NoDelay", "Whether small writes go out at once (TCP_NODELAY).",
            ValueKinds.Switch, static o => o.NoDelay, static (o, v) => o.NoDelay = v),
        new ValueKey<RouteOptions, TimeSpan?>("KeepAlive", "After how long without traffic TCP asks whether the peer is still there: whole seconds, or off.",
            ValueKinds.DurationOrOff.Within(OptionLimits.KeepAlive), static o => o.KeepAlive, static (o, v) => o.KeepAlive = v),
        new ValueKey<RouteOptions, RouteTlsMode>("Tls", "What happens to the TLS of its clients, on endpoints that end TLS: Terminate or Passthrough.",
            ValueKinds.RouteTlsMode, static o => o.Tls, static (o, v) => o.Tls = v),
        new ValueKey<RouteOptions, ClientCertificateMode?>("ClientCertificates", "Whether its clients are asked for a certificate: None, Optional or Required; without it, as the endpoint says.",
            ValueKinds.OptionalClientCertificates, static o => o.ClientCertificates, static (o, v) => o.ClientCertificates = v),
        new ValueKey<RouteOptions, string?>("ClientCa", "The PEM file with the certificates that may have issued those of its clients; without it, that of the endpoint.",
            ValueKinds.OptionalFile, static o => o.ClientCa, static (o, v) => o.ClientCa = v),
        new ObjectKey<RouteOptions, BandwidthOptions>("Bandwidth", "How many bytes a second its connections may carry; without it there is no limit.",
            _bandwidth, static o => o.Bandwidth, static (o, v) => o.Bandwidth = v),
        ToxicKeys.OfRoute,
    ];

    private static readonly IReadOnlyList<ConfigurationKey<AccessLogOptions>> _accessLog =
    [
        new ValueKey<AccessLogOptions, string?>("Path", "The file that lines are added to; - for the log, which is also the default.",
            ValueKinds.FileOrDash, static o => o.Path, static (o, v) => o.Path = v),
        new ValueKey<AccessLogOptions, AccessLogFormat>("Format", "What a line of the file looks like: Text, for people, or Json.",
            ValueKinds.LineFormat, static o => o.Format, static (o, v) => o.Format = v),
    ];

    /// <summary>The keys of a proxy.</summary>
    internal static IReadOnlyList<ConfigurationKey<TcpProxyOptions>> Proxy { get; } =
    [
        new ObjectsKey<TcpProxyOptions, RouteOptions>("Routes", "The routes, at least one.", Route, static o => o.Routes, static route => $"route {route.Name}"),
        new ObjectKey<TcpProxyOptions, AccessLogOptions>("AccessLog", "Where each connection is logged at its end; without it, nowhere.",
            _accessLog, static o => o.AccessLog, static (o, v) => o.AccessLog = v),
        new ObjectKey<TcpProxyOptions, AccessOptions>("Access", "Which clients may connect, to any route, by their addresses; without it, all.",
            _access, static o => o.Access, static (o, v) => o.Access = v),
        new ValueKey<TcpProxyOptions, int>("Loops", $"How many loops relay, each on a thread of its own, {OptionLimits.Loops.Least} to {OptionLimits.Loops.Most}. Can't be changed while the proxy runs.",
            ValueKinds.Whole.Within(OptionLimits.Loops), static o => o.Loops, static (o, v) => o.Loops = v),
        new ValueKey<TcpProxyOptions, int?>("MaxConnections", "How many connections are served at a time; more wait to be accepted. What the descriptor limit allows, unless given.",
            ValueKinds.OptionalWhole.Within(OptionLimits.AnyCount), static o => o.MaxConnections, static (o, v) => o.MaxConnections = v),
        new ValueKey<TcpProxyOptions, int>("MaxDenied", $"How many addresses and ranges may be denied by hand at a time, {OptionLimits.Denied.Least} to {OptionLimits.Denied.Most}.",
            ValueKinds.Whole.Within(OptionLimits.Denied), static o => o.MaxDenied, static (o, v) => o.MaxDenied = v),
        new ObjectKey<TcpProxyOptions, ClientLimitOptions>("ClientLimits", "What each client may do, on all routes together; without it there are no limits.",
            _clientLimits, static o => o.ClientLimits, static (o, v) => o.ClientLimits = v),
        new ValueKey<TcpProxyOptions, TimeSpan>("DrainTimeout", "How long open connections may finish after the stop.",
            ValueKinds.Duration.Within(OptionLimits.TimeoutOrNone), static o => o.DrainTimeout, static (o, v) => o.DrainTimeout = v),
        new ValueKey<TcpProxyOptions, int>("BufferSize", $"The most that one direction of a connection holds for a slow receiver, {ByteSizes.Format(OptionLimits.BufferSize.Least)} to {ByteSizes.Format(OptionLimits.BufferSize.Most)}. Can't be changed while the proxy runs.",
            ValueKinds.Size, static o => o.BufferSize, static (o, v) => o.BufferSize = v),
        new ValueKey<TcpProxyOptions, long?>("MaxPendingBytes", "The memory that all connections together hold for slow receivers; when it is used up each holds less, and none is cut. A quarter of what the process may use, unless given.",
            ValueKinds.OptionalLargeSize, static o => o.MaxPendingBytes, static (o, v) => o.MaxPendingBytes = v),
        new ValueKey<TcpProxyOptions, bool>("ParkIdleSockets", "Whether quiet sockets are parked (Linux). Can't be changed while the proxy runs.",
            ValueKinds.Switch, static o => o.ParkIdleSockets, static (o, v) => o.ParkIdleSockets = v),
        new ValueKey<TcpProxyOptions, TlsEngineKind>("TlsEngine", "The implementation of TLS: OpenSsl (Linux), SslStream, or Auto, the first that there is. Can't be changed while the proxy runs.",
            ValueKinds.TlsEngine, static o => o.TlsEngine, static (o, v) => o.TlsEngine = v),
        new ValueKey<TcpProxyOptions, long?>("ToxicSeed", "Where the chance of toxics begins, so that a run can be repeated; another each time, unless given. Can't be changed while the proxy runs.",
            ValueKinds.Seed, static o => o.ToxicSeed, static (o, v) => o.ToxicSeed = v),
    ];
}
