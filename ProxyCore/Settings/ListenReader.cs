namespace ProxyCore.Settings;

/// <summary>Checks the options of listening endpoints, and turns them into settings.</summary>
internal sealed class ListenReader(ValidationErrors errors, EndpointReader endpoints)
{
    private readonly TlsReader _tls = new(errors);
    private readonly ListenAddresses _addresses = new();
    private readonly Dictionary<string, SharedEndpoint> _shared = [];

    /// <param name="options">The options.</param>
    /// <param name="route">The route that listens there.</param>
    /// <param name="pathByIndex">Where the options stand in their list.</param>
    internal ListenSettings? Read(ListenOptions? options, RouteOptions route, string pathByIndex)
    {
        string path = errors.PathOf(options, pathByIndex);
        if (options is null)
        {
            errors.Require(false, path, "must not be null");
            return null;
        }

        string addressPath = options.IsShortForm ? path : $"{path}:{nameof(options.Address)}";
        ListenSettings? settings = ReadSettings(options, path, addressPath);
        if (settings is not null && Share(settings, route, path) is { } cause)
        {
            errors.Require(false, addressPath, cause);
        }

        return settings;
    }

    private ListenSettings? ReadSettings(ListenOptions options, string path, string addressPath)
    {
        ProxyEndpoint? endpoint = endpoints.ReadListen(options.Address, addressPath);
        errors.Require(
            OptionLimits.PrereadLimit.Allow(options.PrereadLimit),
            $"{path}:{nameof(options.PrereadLimit)}",
            $"must be {OptionLimits.PrereadLimit} bytes");
        errors.RequireTimeout(options.PrereadTimeout, $"{path}:{nameof(options.PrereadTimeout)}");
        errors.Require(
            OptionLimits.PrereadMemory.Allow(options.PrereadMemory),
            $"{path}:{nameof(options.PrereadMemory)}",
            $"must be {OptionLimits.PrereadMemory} bytes");
        errors.Require(Enum.IsDefined(options.OnNoRoute), $"{path}:{nameof(options.OnNoRoute)}", "must be Alert or Close");
        ProxyProtocolSettings? proxyProtocol = options.ProxyProtocol is { } header
            ? ReadProxyProtocol(header, $"{path}:{nameof(options.ProxyProtocol)}")
            : null;
        ListenTlsSettings? tls = _tls.ReadListen(options.Tls, $"{path}:{nameof(options.Tls)}");
        Rate? rate = LimitReader.ReadListenRate(options.MaxConnectionRate, $"{path}:{nameof(options.MaxConnectionRate)}", errors);
        return endpoint is null
            ? null
            : new ListenSettings(endpoint)
            {
                ProxyProtocol = proxyProtocol,
                Tls = tls,
                PrereadLimit = options.PrereadLimit,
                PrereadTimeout = options.PrereadTimeout,
                PrereadMemory = options.PrereadMemory,
                OnNoRoute = options.OnNoRoute,
                MaxConnectionRate = rate,
            };
    }

    private ProxyProtocolSettings ReadProxyProtocol(ProxyProtocolOptions options, string path)
    {
        string from = $"{path}:{nameof(options.From)}";
        errors.Require(
            options.From.Count > 0 || errors.IsRefusedBelow(from), from, "at least one sender is needed: an address, a range or unix");
        errors.RequireTimeout(options.Timeout, $"{path}:{nameof(options.Timeout)}");
        errors.Require(
            options.Versions.All(static version => version is 1 or 2),
            $"{path}:{nameof(options.Versions)}",
            "must be 1, 2 or both");
        errors.Require(
            OptionLimits.MaxHeaderBytes.Allow(options.MaxHeaderBytes),
            $"{path}:{nameof(options.MaxHeaderBytes)}",
            $"must be {OptionLimits.MaxHeaderBytes} bytes");
        return new ProxyProtocolSettings(
            [.. options.From.Select((text, i) => ReadSender(text, $"{from}:{i}")).OfType<AddressRange>()],
            options.From.Any(IsUnix),
            options.Timeout,
            options.Versions.Count == 0 ? ProxyVersions.Both : options.Versions.Aggregate(ProxyVersions.None, static (all, one) => all | (ProxyVersions)one),
            options.MaxHeaderBytes);
    }

    private AddressRange? ReadSender(string? text, string path)
    {
        if (IsUnix(text))
        {
            return null;
        }

        bool isRange = AddressRange.TryParse(text, out AddressRange range, out string? cause);
        errors.Require(isRange, path, cause!);
        return isRange ? range : null;
    }

    private static bool IsUnix(string? text) => text is not null && text.Equals("unix", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns what keeps routes from sharing the endpoint, or what it overlaps with; null when nothing does.</summary>
    private string? Share(ListenSettings settings, RouteOptions route, string path)
    {
        IReadOnlyList<ListenAddresses.Place> others = _addresses.Add(settings.Endpoint, path);
        string? cause = others.Select(other => ShareWith(other, settings, route, path)).FirstOrDefault(static one => one is not null);
        if (!_shared.TryGetValue(settings.Endpoint.Identity, out SharedEndpoint? own))
        {
            _shared.Add(settings.Endpoint.Identity, own = new SharedEndpoint(settings, route, path));
        }

        own.AddClients(route, path);
        return cause;
    }

    private string? ShareWith(ListenAddresses.Place other, ListenSettings settings, RouteOptions route, string path)
    {
        ProxyEndpoint endpoint = settings.Endpoint;
        bool isSame = other.Endpoint.Equals(endpoint);
        if (!isSame && !ListenAddresses.Covers(other.Endpoint, endpoint) && !ListenAddresses.Covers(endpoint, other.Endpoint))
        {
            return $"'{endpoint}' overlaps with '{other.Endpoint}' of {other.Path}, and neither is a part of the other";
        }

        string relation = isSame ? $"'{endpoint}' is listened on already, by" : $"'{endpoint}' overlaps with '{other.Endpoint}' of";
        SharedEndpoint first = _shared[other.Endpoint.Identity];
        if (settings with { Endpoint = first.Settings.Endpoint } != first.Settings)
        {
            return $"{relation} {first.Path}, with other settings: routes that share addresses share their settings";
        }

        if (first.Route.Backlog != route.Backlog || first.Route.NoDelay != route.NoDelay || first.Route.KeepAlive != route.KeepAlive)
        {
            return $"{relation} {first.Path}, whose route has another Backlog, NoDelay or KeepAlive";
        }

        return (first.FindSameClients(route, path), route == first.Route) switch
        {
            (null, _) => null,
            (var same, true) => $"{relation} {same}",
            (var same, false) => $"{relation} {same}, for the same clients: ServerNames or Alpn must tell the routes apart",
        };
    }

    /// <summary>An endpoint, and the clients of the routes that listen there.</summary>
    private sealed class SharedEndpoint(ListenSettings settings, RouteOptions route, string path)
    {
        // By name and protocol, of which either may be missing.
        private readonly Dictionary<(string Name, string Protocol), string> _clients = [];

        internal ListenSettings Settings => settings;

        internal RouteOptions Route => route;

        internal string Path => path;

        internal void AddClients(RouteOptions route, string path)
        {
            foreach ((string, string) client in ClientsOf(route))
            {
                _clients.TryAdd(client, path);
            }
        }

        /// <summary>Where a route has clients that <paramref name="route"/> has too; null for nowhere.</summary>
        internal string? FindSameClients(RouteOptions route, string path) =>
            ClientsOf(route).Select(client => _clients.GetValueOrDefault(client)).FirstOrDefault(same => same is not null && same != path);

        private static IEnumerable<(string Name, string Protocol)> ClientsOf(RouteOptions route) =>
            from name in route.ServerNames.Select(NameOf).DefaultIfEmpty("")
            from protocol in route.Alpn.DefaultIfEmpty("")
            select (name, protocol);

        private static string NameOf(string? name) => ServerName.TryReadPattern(name, out string? pattern, out _) ? pattern : name ?? "";
    }
}
