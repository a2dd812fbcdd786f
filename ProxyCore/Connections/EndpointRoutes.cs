using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections.Sockets;
using ProxyCore.Preread;
using ProxyCore.Preread.Tls;
using ProxyCore.Relay;
using ProxyCore.Settings;

namespace ProxyCore.Connections;

/// <summary>
/// The routes that share one endpoint, and what has to be read and asked to choose one of them for a client. Immutable, any
/// thread.
/// </summary>
internal sealed class EndpointRoutes
{
    private readonly Route[] _routes;
    private readonly RouteRules? _rules;
    private readonly EndpointRoutes[] _parts;

    /// <param name="settings">What is configured of the endpoint: the same for all of the routes.</param>
    /// <param name="routes">At least one.</param>
    /// <param name="parts">The same for parts of its addresses; the smallest come first.</param>
    internal EndpointRoutes(ListenSettings settings, IReadOnlyList<Route> routes, IReadOnlyList<EndpointRoutes> parts)
    {
        _parts = [.. parts];
        Settings = settings;
        _routes = [.. routes];
        PrereadBudget = new PendingBudget(settings.PrereadMemory);
        bool routesDiffer = _routes.Any(static route => route.Settings.ServerNames.Count > 0 || route.Settings.Alpn.Count > 0);
        NeedsHello = routesDiffer
            || settings.Tls is not null
            || _routes.Any(static route => route.Settings.Pool.HashBy == ClientHashKey.ServerName);
        if (routesDiffer)
        {
            _rules = new RouteRules([.. _routes.Select(static route => new RouteRule(route.Settings.ServerNames, route.Settings.Alpn))]);
        }
    }

    internal ProxyEndpoint Endpoint => Settings.Endpoint;

    internal ListenSettings Settings { get; }

    internal IReadOnlyList<Route> Routes => _routes;

    /// <summary>The routes of clients that come to any of its addresses.</summary>
    internal IEnumerable<Route> AllRoutes => _parts.SelectMany(static part => part.Routes).Concat(_routes).Distinct();

    /// <summary>The route whose settings the listening sockets have.</summary>
    internal Route First => _routes[0];

    /// <summary>The route of every client, when nothing has to be read to choose it.</summary>
    internal Route? Only => _rules is null ? _routes[0] : null;

    /// <summary>Whether the TLS hello of a client is read, because the route, the certificate or the upstream depends on it.</summary>
    internal bool NeedsHello { get; }

    /// <summary>Whether a client needs no step but the one that connects.</summary>
    internal bool OpensDirectly => !NeedsHello && Settings.ProxyProtocol is null;

    /// <summary>Whether the opening needs the address of the client.</summary>
    internal bool NeedsClientAddress => Settings.ProxyProtocol is not null;

    /// <summary>What all clients hold together whose first bytes are being read.</summary>
    internal PendingBudget PrereadBudget { get; }

    /// <summary>Whether <paramref name="other"/> leads each client to the same route as this.</summary>
    internal bool LeadsAs(EndpointRoutes other) => Settings == other.Settings
        && Endpoint.ToString() == other.Endpoint.ToString()
        && _routes.AsSpan().SequenceEqual(other._routes, ReferenceEqualityComparer.Instance)
        && _parts.Length == other._parts.Length
        && _parts.Zip(other._parts).All(static parts => parts.First.LeadsAs(parts.Second));

    /// <summary>What is for <paramref name="client"/>: a part of this, where there is one for the address that it came to.</summary>
    internal EndpointRoutes PartFor(Socket client)
    {
        IPAddress? local = _parts.Length == 0 ? null : (ClientAddress.LocalOf(client) as IPEndPoint)?.Address;
        return local is null ? this : Array.Find(_parts, part => ListenAddresses.Includes(part.Endpoint, local)) ?? this;
    }

    /// <summary>Whether a client with this address has to send a PROXY header. One that is gone already has to, too.</summary>
    internal bool ExpectsHeader(EndPoint? client) => Settings.ProxyProtocol is { } settings && client switch
    {
        IPEndPoint ip => settings.From.Any(range => range.Contains(ip.Address)),
        null => true,
        _ => settings.FromUnix,
    };

    /// <summary>Whether a route is for the name in this hello, not only as the default.</summary>
    internal bool HasName(ClientHello hello) => Find(hello) is { Settings.ServerNames.Count: > 0 };

    /// <summary>The route for a client with this hello, or without one; null when none is for it.</summary>
    internal Route? Find(ClientHello? hello) => _rules is null ? Only : _rules.Find(hello) is >= 0 and var index ? _routes[index] : null;
}
