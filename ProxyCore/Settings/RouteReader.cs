using System.Globalization;
using ProxyCore.Diagnostics;

namespace ProxyCore.Settings;

/// <summary>Checks the options of routes and turns them into settings.</summary>
internal sealed class RouteReader
{
    private readonly ValidationErrors _errors;
    private readonly ListenReader _listens;
    private readonly PoolReader _pools;
    private readonly AccessReader _access;
    private readonly BandwidthReader _bandwidths;
    private readonly TlsReader _tls;
    private readonly ToxicReader _toxics;
    private readonly Dictionary<string, string> _names = [];

    // A route without endpoints makes sense where something else than the endpoint chooses the route.
    private readonly bool _needsNoEndpoint;

    internal RouteReader(ValidationErrors errors, TcpProxyOptions proxy)
    {
        _errors = errors;
        _needsNoEndpoint = proxy.RouteSelector is not null;
        var endpoints = new EndpointReader(errors);
        var sources = new SourceReader(errors, proxy.UpstreamSources);
        _access = new AccessReader(errors);
        _listens = new ListenReader(errors, endpoints);
        _pools = new PoolReader(errors, endpoints, sources, proxy.BalancingPolicies);
        _bandwidths = new BandwidthReader(errors);
        _tls = new TlsReader(errors);
        _toxics = new ToxicReader(errors);
    }

    /// <summary>Reads the routes of a proxy.</summary>
    internal ValueList<RouteSettings> Read(IList<RouteOptions> options)
    {
        var read = new List<(RouteSettings Route, string Path)>(options.Count);
        for (int i = 0; i < options.Count; i++)
        {
            string path = _errors.PathOf(options[i], string.Create(CultureInfo.InvariantCulture, $"Routes:{i}"));
            if (Read(options[i], i, path) is { } route)
            {
                read.Add((route, path + ":"));
            }
        }

        // A selector may choose a route that has no endpoint of its own. And of an endpoint that could not be read it is not
        // known whose it is.
        if (!_needsNoEndpoint && !_errors.Any)
        {
            _tls.RequireTermination(read);
        }

        return [.. read.Select(static one => one.Route)];
    }

    private RouteSettings? Read(RouteOptions? options, int index, string path)
    {
        if (options is null)
        {
            _errors.Require(false, path, "must not be null");
            return null;
        }

        path += ":";
        _errors.RequireTimeout(options.ConnectTimeout, path + nameof(options.ConnectTimeout));
        _errors.RequireCount(options.ConnectAttempts, path + nameof(options.ConnectAttempts), OptionLimits.AnyCount);
        _errors.RequireTimeout(options.IdleTimeout, path + nameof(options.IdleTimeout));
        _errors.RequireTimeout(options.HalfCloseTimeout, path + nameof(options.HalfCloseTimeout));
        if (options.MaxLifetime is { } lifetime)
        {
            _errors.RequireTimeout(lifetime, path + nameof(options.MaxLifetime));
        }

        _errors.RequireNamed(options.OnMaxLifetime, path + nameof(options.OnMaxLifetime));
        _errors.RequireCount(options.Backlog, path + nameof(options.Backlog), OptionLimits.AnyCount);
        _errors.Require(
            options.KeepAlive is not { } time || OptionLimits.KeepAlive.Allow(time),
            path + nameof(options.KeepAlive),
            $"must be whole seconds, from {OptionLimits.KeepAlive.Least.TotalSeconds:0} to {OptionLimits.KeepAlive.Most.TotalSeconds:0}");
        _errors.RequireCount(options.MaxConnections ?? 1, path + nameof(options.MaxConnections), OptionLimits.AnyCount);
        string name = ReadName(options, index, path);
        ValueList<ListenSettings> listens = ReadListens(options, path + nameof(options.Listen));
        return new RouteSettings(
            name,
            listens,
            _pools.Read(options, path),
            options.ConnectTimeout,
            options.ConnectAttempts,
            options.IdleTimeout,
            options.HalfCloseTimeout,
            options.Backlog,
            options.NoDelay,
            options.KeepAlive,
            _access.Read(options.Access, path + nameof(options.Access)))
        {
            IsNamed = options.Name is not null,
            MaxConnections = options.MaxConnections,
            MaxLifetime = options.MaxLifetime,
            OnMaxLifetime = options.OnMaxLifetime,
            ClientLimits = LimitReader.Read(options.ClientLimits, path + nameof(options.ClientLimits), _errors),
            ServerNames = ReadServerNames(options, path + nameof(options.ServerNames)),
            Alpn = AlpnReader.Read(options.Alpn, path + nameof(options.Alpn), _errors),
            Tls = _tls.ReadRouteMode(options, listens, path),
            ClientCertificates = _tls.ReadClients(options, listens, path),
            Bandwidth = _bandwidths.Read(options.Bandwidth, path + nameof(options.Bandwidth)),
            Toxics = _toxics.Read(options.Toxics, path + nameof(options.Toxics)),
        };
    }

    private ValueList<string> ReadServerNames(RouteOptions options, string path)
    {
        var names = new List<string>();
        for (int i = 0; i < options.ServerNames.Count; i++)
        {
            string item = $"{path}:{i}";
            if (!ServerName.TryReadPattern(options.ServerNames[i], out string? name, out string? cause))
            {
                _errors.Require(false, item, $"'{Printable.Shorten(options.ServerNames[i] ?? "")}' is no server name: {cause}");
            }
            else if (_errors.Require(!names.Contains(name), item, $"'{name}' is in the list already"))
            {
                names.Add(name);
            }
        }

        return [.. names];
    }

    private string ReadName(RouteOptions options, int index, string path)
    {
        string name = options.Name ?? string.Create(CultureInfo.InvariantCulture, $"route{index + 1}");
        if (!_names.TryAdd(name, path.TrimEnd(':')))
        {
            _errors.Require(false, path + nameof(options.Name), $"'{name}' is the name of {_names[name]} already");
        }

        return name;
    }

    private ValueList<ListenSettings> ReadListens(RouteOptions options, string path)
    {
        _errors.Require(
            _needsNoEndpoint || options.Listen.Count > 0 || _errors.IsRefusedBelow(path), path, "at least one endpoint is needed");
        return [.. options.Listen.Select((listen, i) => _listens.Read(listen, options, $"{path}:{i}")).OfType<ListenSettings>()];
    }
}
