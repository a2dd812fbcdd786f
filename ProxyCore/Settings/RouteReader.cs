using System.Globalization;

namespace ProxyCore.Settings;

/// <summary>Checks the options of routes and turns them into settings.</summary>
internal sealed class RouteReader
{
    private readonly ValidationErrors _errors;
    private readonly EndpointReader _endpoints;
    private readonly PoolReader _pools;
    private readonly Dictionary<string, string> _listenedOn = [];

    // A route without endpoints makes sense where something else than the endpoint chooses the route.
    private readonly bool _mayBeUnheard;

    internal RouteReader(ValidationErrors errors, TcpProxyOptions proxy)
    {
        _errors = errors;
        _mayBeUnheard = proxy.RouteSelector is not null;
        _endpoints = new EndpointReader(errors);
        _pools = new PoolReader(errors, _endpoints, proxy.BalancingPolicies);
    }

    internal RouteSettings? Read(RouteOptions? options, int index)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"Routes:{index}:");
        if (options is null)
        {
            _errors.Require(false, path.TrimEnd(':'), "must not be null");
            return null;
        }

        _errors.Require(_mayBeUnheard || options.Listen.Count > 0, path + nameof(options.Listen), "at least one endpoint is needed");
        _errors.RequireTimeout(options.ConnectTimeout, path + nameof(options.ConnectTimeout));
        _errors.RequireCount(options.ConnectAttempts, path + nameof(options.ConnectAttempts), OptionLimits.AnyCount);
        _errors.RequireTimeout(options.IdleTimeout, path + nameof(options.IdleTimeout));
        _errors.RequireTimeout(options.HalfCloseTimeout, path + nameof(options.HalfCloseTimeout));
        _errors.RequireCount(options.Backlog, path + nameof(options.Backlog), OptionLimits.AnyCount);
        _errors.Require(
            options.KeepAlive is not { } time || OptionLimits.KeepAlive.Allow(time),
            path + nameof(options.KeepAlive),
            $"must be whole seconds, from {OptionLimits.KeepAlive.Least.TotalSeconds:0} to {OptionLimits.KeepAlive.Most.TotalSeconds:0}");

        ProxyEndpoint?[] listen =
            [.. options.Listen.Select((text, i) => ReadListen(text, $"{path}{nameof(options.Listen)}:{i}"))];
        return new RouteSettings(
            options.Name ?? string.Create(CultureInfo.InvariantCulture, $"route{index + 1}"),
            [.. listen.OfType<ProxyEndpoint>()],
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
        };
    }

    private ProxyEndpoint? ReadListen(string? text, string path)
    {
        ProxyEndpoint? endpoint = _endpoints.ReadListen(text, path);
        if (endpoint is { IsPortOpen: false } && !_listenedOn.TryAdd(endpoint.Identity, path))
        {
            _errors.Require(false, path, $"'{endpoint}' is listened on already, by {_listenedOn[endpoint.Identity]}");
        }

        return endpoint;
    }
}
