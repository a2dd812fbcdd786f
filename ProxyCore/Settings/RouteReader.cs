using System.Globalization;

namespace ProxyCore.Settings;

/// <summary>Checks the options of routes and turns them into settings.</summary>
internal sealed class RouteReader
{
    private readonly ValidationErrors _errors;
    private readonly EndpointReader _endpoints;
    private readonly PoolReader _pools;
    private readonly ListenAddresses _listenedOn = new();
    private readonly Dictionary<string, string> _names = [];

    // A route without endpoints makes sense where something else than the endpoint chooses the route.
    private readonly bool _needsNoEndpoint;

    internal RouteReader(ValidationErrors errors, TcpProxyOptions proxy)
    {
        _errors = errors;
        _needsNoEndpoint = proxy.RouteSelector is not null;
        _endpoints = new EndpointReader(errors);
        _pools = new PoolReader(errors, _endpoints, proxy.BalancingPolicies);
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
            options.KeepAlive)
        {
            IsNamed = options.Name is not null,
            MaxConnections = options.MaxConnections,
            ClientLimits = LimitReader.Read(options.ClientLimits, path + nameof(options.ClientLimits), _errors),
        };
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
        return [.. options.Listen.Select((listen, i) => ReadListen(listen, $"{path}:{i}")).OfType<ListenSettings>()];
    }

    private ListenSettings? ReadListen(ListenOptions? options, string pathByIndex)
    {
        string path = _errors.PathOf(options, pathByIndex);
        if (options is null)
        {
            _errors.Require(false, path, "must not be null");
            return null;
        }

        string addressPath = options.IsShortForm ? path : $"{path}:{nameof(options.Address)}";
        if (_endpoints.ReadListen(options.Address, addressPath) is not { } endpoint)
        {
            return null;
        }

        if (_listenedOn.Add(endpoint, path) is { } cause)
        {
            _errors.Require(false, addressPath, cause);
        }

        return new ListenSettings(
            endpoint,
            LimitReader.ReadListenRate(options.MaxConnectionRate, $"{path}:{nameof(options.MaxConnectionRate)}", _errors));
    }
}
