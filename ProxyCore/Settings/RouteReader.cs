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
    private readonly Dictionary<string, string> _names = [];

    // A route without endpoints makes sense where something else than the endpoint chooses the route.
    private readonly bool _needsNoEndpoint;

    internal RouteReader(ValidationErrors errors, TcpProxyOptions proxy)
    {
        _errors = errors;
        _needsNoEndpoint = proxy.RouteSelector is not null;
        var endpoints = new EndpointReader(errors);
        _access = new AccessReader(errors);
        _listens = new ListenReader(errors, endpoints);
        _pools = new PoolReader(errors, endpoints, proxy.BalancingPolicies);
        _bandwidths = new BandwidthReader(errors);
    }

    internal RouteSettings? Read(RouteOptions? options, int index)
    {
        string path = _errors.PathOf(options, string.Create(CultureInfo.InvariantCulture, $"Routes:{index}"));
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
        _errors.RequireCount(options.Backlog, path + nameof(options.Backlog), OptionLimits.AnyCount);
        _errors.Require(
            options.KeepAlive is not { } time || OptionLimits.KeepAlive.Allow(time),
            path + nameof(options.KeepAlive),
            $"must be whole seconds, from {OptionLimits.KeepAlive.Least.TotalSeconds:0} to {OptionLimits.KeepAlive.Most.TotalSeconds:0}");
        _errors.RequireCount(options.MaxConnections ?? 1, path + nameof(options.MaxConnections), OptionLimits.AnyCount);
        return new RouteSettings(
            ReadName(options, index, path),
            ReadListens(options, path + nameof(options.Listen)),
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
            ClientLimits = LimitReader.Read(options.ClientLimits, path + nameof(options.ClientLimits), _errors),
            ServerNames = ReadServerNames(options, path + nameof(options.ServerNames)),
            Alpn = ReadAlpn(options, path + nameof(options.Alpn)),
            Bandwidth = _bandwidths.Read(options.Bandwidth, path + nameof(options.Bandwidth)),
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

    /// <summary>RFC 7301: a protocol has 1 to 255 bytes.</summary>
    private ValueList<string> ReadAlpn(RouteOptions options, string path)
    {
        for (int i = 0; i < options.Alpn.Count; i++)
        {
            string protocol = options.Alpn[i] ?? "";
            _errors.Require(
                protocol.Length is > 0 and <= 255 && protocol.All(static one => one is > ' ' and <= '~'),
                $"{path}:{i}",
                $"'{Printable.Shorten(protocol)}' is no application protocol: write one as in h2, http/1.1 or postgresql");
        }

        return [.. options.Alpn.OfType<string>().Distinct()];
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
