using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.Extensions.Logging;
using ProxyCore.Cli.Discovery;
using ProxyCore.Cli.Logging;
using ProxyCore.Hosting;
using ProxyCore.Settings;

namespace ProxyCore.Cli;

/// <summary>The options of the relay and the demo. Defaults are the library's, except the listen address.</summary>
internal sealed class ProxyOptionSet
{
    private const string DefaultListen = "localhost:8080";
    private const string ConsoleName = "-";
    private static readonly TcpProxyOptions _proxyDefaults = new();
    private static readonly RouteOptions _routeDefaults = new();

    private readonly Option<ProxyEndpoint[]> _listen = CheckedOption.Repeatable(
        "--listen",
        "ENDPOINT",
        $"Where clients come in; may be repeated [default: {DefaultListen}]",
        Endpoints.ParseListen);

    private readonly Option<TimeSpan> _connectTimeout = CheckedOption.Once(
        "--connect-timeout",
        "TIME",
        $"How long a client waits for its upstream [default: {Durations.Format(_routeDefaults.ConnectTimeout)}]",
        Durations.ParsePositive);

    private readonly Option<TimeSpan> _idleTimeout = CheckedOption.Once(
        "--idle-timeout",
        "TIME",
        $"How long a connection may carry nothing before it is cut [default: {Durations.Format(_routeDefaults.IdleTimeout)}]",
        Durations.ParsePositive);

    private readonly Option<TimeSpan> _halfCloseTimeout = CheckedOption.Once(
        "--half-close-timeout",
        "TIME",
        $"The same once one side has finished sending [default: {Durations.Format(_routeDefaults.HalfCloseTimeout)}]",
        Durations.ParsePositive);

    private readonly Option<string[]> _allow = CheckedOption.Repeatable(
        "--allow",
        "RANGE",
        "The only clients that may connect: an address or a range such as 10.0.0.0/8; may be repeated [default: all]",
        Clients.Parse);

    private readonly Option<string[]> _deny = CheckedOption.Repeatable(
        "--deny",
        "RANGE",
        "Clients that may not connect, even if they are allowed; may be repeated [default: none]",
        Clients.Parse);

    private readonly Option<string[]> _acceptProxy = CheckedOption.Repeatable(
        "--accept-proxy",
        "CIDR",
        "Senders that must send a PROXY header: an address, a range, or unix; may be repeated [default: none]",
        ParseSender);

    private readonly Option<ProxyProtocolVersion> _sendProxy = CheckedOption.Once(
        "--send-proxy",
        "VERSION",
        "v1 or v2: send the upstream a PROXY header with the client's address [default: none]",
        ParseProxyVersion);

    private readonly TlsOptionSet _tls = new();

    private readonly Option<TimeSpan> _drainTimeout = CheckedOption.Once(
        "--drain-timeout",
        "TIME",
        $"How long open connections may finish after the stop [default: {Durations.Format(_proxyDefaults.DrainTimeout)}]",
        Durations.Parse);

    private readonly Option<int> _loops = CheckedOption.Once(
        "--loops",
        "NUMBER",
        $"How many loops relay, each on a thread of its own [default: {_proxyDefaults.Loops}]",
        Counts.ParseLoops);

    private readonly Option<int> _maxConnections = CheckedOption.Once(
        "--max-connections",
        "NUMBER",
        "How many are served at a time; more wait [default: what the descriptor limit allows]",
        Counts.Parse);

    private readonly Option<int> _bufferSize = CheckedOption.Once(
        "--buffer-size",
        "BYTES",
        $"The most that one direction holds for a slow receiver [default: {ByteSizes.Format(_proxyDefaults.BufferSize)}]",
        ByteSizes.Parse);

    private readonly Option<long> _maxPending = CheckedOption.Once(
        "--max-pending",
        "BYTES",
        "The most that all hold for slow receivers [default: a quarter of the memory]",
        ByteSizes.ParseLarge);

    private readonly Option<bool> _noParking = CheckedOption.Switch(
        "--no-parking",
        "Keep quiet connections in Select's lists, at a cost for each [default: parked, on Linux]");

    private readonly Option<TlsEngineKind> _tlsEngine = CheckedOption.Once(
        "--tls-engine",
        "ENGINE",
        "The implementation of TLS: auto, openssl or sslstream [default: auto]",
        ParseTlsEngine);

    private readonly Option<string> _accessLog = CheckedOption.Once(
        "--access-log",
        "FILE",
        $"Add a line to a file for each connection, at its end; {ConsoleName} for the log [default: none]",
        static text => text.Length > 0 ? text : throw new FormatException($"a file name is needed, or {ConsoleName}"));

    private readonly Option<AccessLogFormat> _accessLogFormat = CheckedOption.Once(
        "--access-log-format",
        "FORMAT",
        "text or json, of that file's lines [default: text]",
        LogNames.ParseAccessLogFormat);

    private readonly Option<LogLevel> _logLevel = CheckedOption.Once(
        "--log-level",
        "LEVEL",
        "trace, debug, info, warn, error or none [default: info]",
        LogNames.ParseLevel);

    private readonly Option<LogFormat> _logFormat = CheckedOption.Once(
        "--log-format",
        "FORMAT",
        "text or json [default: text]",
        LogNames.ParseFormat);

    private readonly Option<LineTime> _logTime = CheckedOption.Once(
        "--log-time",
        "ZONE",
        "utc, local or none, ahead of each line of a text log [default: utc; none on a terminal and in systemd's journal]",
        LogNames.ParseTime);

    private readonly Option<string[]> _dns = CheckedOption.Repeatable(
        "--dns",
        "ADDRESS",
        $"The server of the DNS that looks up upstreams srv:NAME; may be repeated [default: those of {ResolvConf.Path}]",
        ParseDnsServer);

    private IEnumerable<Option> OfTheProxy =>
        [_dns, _drainTimeout, _loops, _maxConnections, _bufferSize, _maxPending, _noParking, _tlsEngine, _accessLog, _accessLogFormat];

    /// <summary>The options of TLS.</summary>
    internal TlsOptionSet Tls => _tls;

    /// <summary>
    /// Gives them to a command, in the order of its help, and <paramref name="upstream"/>, which each command has of its
    /// own. Being the same objects for all commands, they may stand before a command's name as well as after it.
    /// </summary>
    internal void AddTo(Command command, Option upstream)
    {
        Option[] all = [.. OfOneRoute(upstream), .. OfTheProxy, _logLevel, _logFormat, _logTime];
        Array.ForEach(all, command.Add);
        command.Validators.Add(CheckAccessLog);
        command.Validators.Add(CheckLogTime);
        command.Validators.Add(result => _tls.Check(result, upstream));
    }

    /// <summary>The options that describe the one route of a command line.</summary>
    internal IEnumerable<Option> OfOneRoute(Option upstream) =>
    [
        _listen, upstream, _connectTimeout, _idleTimeout, _halfCloseTimeout, _acceptProxy, _sendProxy, .. _tls.All, _allow, _deny,
    ];

    /// <summary>What was given for the proxy as a whole, as keys of a configuration.</summary>
    internal IEnumerable<ConfigurationOverride> Keys(ParseResult parsed)
    {
        (Option Option, string Key)[] keys =
        [
            (_drainTimeout, nameof(TcpProxyOptions.DrainTimeout)),
            (_loops, nameof(TcpProxyOptions.Loops)),
            (_maxConnections, nameof(TcpProxyOptions.MaxConnections)),
            (_bufferSize, nameof(TcpProxyOptions.BufferSize)),
            (_maxPending, nameof(TcpProxyOptions.MaxPendingBytes)),
            (_tlsEngine, nameof(TcpProxyOptions.TlsEngine)),
            (_accessLog, $"{nameof(TcpProxyOptions.AccessLog)}:{nameof(AccessLogOptions.Path)}"),
            (_accessLogFormat, $"{nameof(TcpProxyOptions.AccessLog)}:{nameof(AccessLogOptions.Format)}"),
        ];
        foreach ((Option option, string key) in keys)
        {
            if (parsed.GetResult(option) is { } given)
            {
                yield return new ConfigurationOverride(key, given.Tokens[0].Value, option.Name);
            }
        }

        foreach ((int index, string server) in parsed.ValueOr(_dns, []).Index())
        {
            yield return new ConfigurationOverride(
                $"{nameof(CommandOptions.Dns)}:{nameof(DnsOptions.Servers)}:{index}", server, _dns.Name);
        }

        if (parsed.GetValue(_noParking))
        {
            yield return new ConfigurationOverride(nameof(TcpProxyOptions.ParkIdleSockets), bool.FalseString, _noParking.Name);
        }
    }

    /// <summary>The endpoints to listen on, at least one.</summary>
    internal IReadOnlyList<ProxyEndpoint> Listen(ParseResult parsed) =>
        parsed.ValueOr(_listen, [ProxyEndpoint.Parse(DefaultListen)]);

    /// <summary>Sets the options of a proxy with one route to <paramref name="upstreams"/>.</summary>
    internal void Configure(TcpProxyOptions options, ParseResult parsed, params IReadOnlyList<ProxyEndpoint> upstreams)
    {
        var route = new RouteOptions
        {
            ConnectTimeout = parsed.ValueOr(_connectTimeout, _routeDefaults.ConnectTimeout),
            IdleTimeout = parsed.ValueOr(_idleTimeout, _routeDefaults.IdleTimeout),
            HalfCloseTimeout = parsed.ValueOr(_halfCloseTimeout, _routeDefaults.HalfCloseTimeout),
        };
        foreach (ProxyEndpoint endpoint in Listen(parsed))
        {
            route.Listen.Add(new ListenOptions(endpoint.ToString())
            {
                ProxyProtocol = ReadAcceptProxy(parsed),
                Tls = _tls.ReadListen(parsed),
            });
        }

        foreach (ProxyEndpoint upstream in upstreams)
        {
            route.Upstreams.Add(new UpstreamOptions
            {
                Address = upstream.ToString(),
                SendProxyProtocol = parsed.GetResult(_sendProxy) is null ? null : parsed.GetValue(_sendProxy),
                Tls = _tls.ReadUpstream(parsed),
            });
        }

        route.Access = ReadAccess(parsed);

        options.Routes.Add(route);
        options.UpstreamSources[SrvSource.Scheme] = ReadSrvSource(parsed);
        options.Loops = parsed.ValueOr(_loops, _proxyDefaults.Loops);
        options.DrainTimeout = parsed.ValueOr(_drainTimeout, _proxyDefaults.DrainTimeout);
        options.MaxConnections = parsed.GetResult(_maxConnections) is null
            ? _proxyDefaults.MaxConnections
            : parsed.GetValue(_maxConnections);
        options.BufferSize = parsed.ValueOr(_bufferSize, _proxyDefaults.BufferSize);
        options.MaxPendingBytes = parsed.GetResult(_maxPending) is null
            ? _proxyDefaults.MaxPendingBytes
            : parsed.GetValue(_maxPending);
        options.ParkIdleSockets = !parsed.GetValue(_noParking);
        options.TlsEngine = parsed.ValueOr(_tlsEngine, _proxyDefaults.TlsEngine);
        options.AccessLog = ReadAccessLog(parsed);
    }

    private AccessOptions? ReadAccess(ParseResult parsed)
    {
        string[] allow = parsed.ValueOr(_allow, []);
        string[] deny = parsed.ValueOr(_deny, []);
        if (allow.Length == 0 && deny.Length == 0)
        {
            return null;
        }

        var access = new AccessOptions();
        Array.ForEach(allow, access.Allow.Add);
        Array.ForEach(deny, access.Deny.Add);
        return access;
    }

    private SrvSource ReadSrvSource(ParseResult parsed)
    {
        var dns = new DnsOptions();
        Array.ForEach(parsed.ValueOr(_dns, []), dns.Servers.Add);
        return SrvSource.Create(DnsSettings.Read(dns, path: "", new ValidationErrors()));
    }

    private static string ParseDnsServer(string text) =>
        DnsSettings.TryParseServer(text, out _, out string? cause) ? text : throw new FormatException(cause);

    private static string ParseSender(string text) =>
        text.Equals("unix", StringComparison.OrdinalIgnoreCase) || AddressRange.TryParse(text, out _, out string? cause)
            ? text
            : throw new FormatException(cause);

    private static ProxyProtocolVersion ParseProxyVersion(string text) => text.ToUpperInvariant() switch
    {
        "V1" => ProxyProtocolVersion.V1,
        "V2" => ProxyProtocolVersion.V2,
        _ => throw new FormatException($"'{text}' is neither v1 nor v2"),
    };

    private static TlsEngineKind ParseTlsEngine(string text) => text.ToUpperInvariant() switch
    {
        "AUTO" => TlsEngineKind.Auto,
        "OPENSSL" => TlsEngineKind.OpenSsl,
        "SSLSTREAM" => TlsEngineKind.SslStream,
        _ => throw new FormatException($"'{text}' is no implementation of TLS: auto, openssl or sslstream"),
    };

    private ProxyProtocolOptions? ReadAcceptProxy(ParseResult parsed)
    {
        if (parsed.GetValue(_acceptProxy) is not { Length: > 0 } senders)
        {
            return null;
        }

        var options = new ProxyProtocolOptions();
        Array.ForEach(senders, options.From.Add);
        return options;
    }

    private AccessLogOptions? ReadAccessLog(ParseResult parsed) => parsed.GetResult(_accessLog) is null
        ? null
        : new AccessLogOptions
        {
            Path = parsed.GetRequiredValue(_accessLog) is not ConsoleName and var path ? path : null,
            Format = parsed.ValueOr(_accessLogFormat, AccessLogFormat.Text),
        };

    /// <summary>Refuses a format without a file.</summary>
    private void CheckAccessLog(CommandResult result)
    {
        if (result.GetResult(_accessLogFormat) is null)
        {
            return;
        }

        switch (result.GetResult(_accessLog)?.Tokens)
        {
            case null:
                result.AddError($"{_accessLogFormat.Name}: of which file? {_accessLog.Name} names it");
                break;
            case [{ Value: ConsoleName }]:
                result.AddError($"{_accessLogFormat.Name}: is for a file; in the log it has the form of --log-format");
                break;
        }
    }

    /// <summary>Refuses a time for lines that always have it.</summary>
    private void CheckLogTime(CommandResult result)
    {
        if (result.GetResult(_logTime) is not null
            && result.GetResult(_logFormat)?.Tokens is [{ Value: var format }]
            && format.Equals(nameof(LogFormat.Json), StringComparison.OrdinalIgnoreCase))
        {
            result.AddError($"{_logTime.Name}: is for text; lines in JSON always have the time, UTC");
        }
    }

    /// <summary>Creates the log, with the given level and format.</summary>
    internal ILoggerFactory CreateLogging(ParseResult parsed) => ConsoleLogging.Create(
        parsed.ValueOr(_logLevel, LogLevel.Information),
        parsed.ValueOr(_logFormat, LogFormat.Text),
        parsed.GetResult(_logTime) is null ? null : parsed.GetValue(_logTime));
}
