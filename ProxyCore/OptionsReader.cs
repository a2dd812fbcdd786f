using System.Globalization;
using ProxyCore.Connections;
using ProxyCore.Loop;

namespace ProxyCore;

/// <summary>Checks options as a whole and turns them into settings; every mistake is told, with its path.</summary>
internal sealed class OptionsReader
{
    private const int SmallestBuffer = 1024;
    private const int MostLoops = 64;
    private const int LargestBuffer = 16 * 1024 * 1024;
    private static readonly TimeSpan _longest = TimeSpan.FromDays(365);

    // Linux, include/net/tcp.h, MAX_TCP_KEEPIDLE.
    private static readonly TimeSpan _longestKeepAlive = TimeSpan.FromSeconds(32767);

    private readonly List<string> _mistakes = [];

    private OptionsReader()
    {
    }

    /// <exception cref="ArgumentException">The options have mistakes; the message has a line for each.</exception>
    internal static ProxySettings Read(TcpProxyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var reader = new OptionsReader();
        ProxySettings settings = reader.ReadProxy(options);
        return reader._mistakes.Count == 0
            ? settings
            : throw new ArgumentException(string.Join(Environment.NewLine, reader._mistakes));
    }

    private ProxySettings ReadProxy(TcpProxyOptions options)
    {
        Require(options.Routes.Count > 0, nameof(options.Routes), "at least one route is needed");
        Require(options.Loops is >= 1 and <= MostLoops, nameof(options.Loops), $"must be from 1 to {MostLoops}");
        Require(options.MaxConnections is null or >= 1, nameof(options.MaxConnections), "must be 1 or more");
        Require(
            options.DrainTimeout >= TimeSpan.Zero && options.DrainTimeout <= _longest,
            nameof(options.DrainTimeout),
            "must be from zero to 365 days");
        Require(
            options.BufferSize is >= SmallestBuffer and <= LargestBuffer,
            nameof(options.BufferSize),
            $"must be from {SmallestBuffer} to {LargestBuffer} bytes");

        Route[] routes = [.. options.Routes.Select(ReadRoute).OfType<Route>()];
        string? twice = routes.GroupBy(static route => route.Name).FirstOrDefault(static group => group.Count() > 1)?.Key;
        Require(twice is null, nameof(options.Routes), $"two routes are named '{twice}'");
        return new ProxySettings(
            routes,
            options.Loops,
            ClientSpreading.OfThisSystem,
            options.MaxConnections ?? DescriptorLimit.DefaultMaxConnections(options.Loops),
            options.DrainTimeout,
            options.BufferSize,
            options.ParkIdleSockets ? new ParkingPolicy() : null);
    }

    private Route? ReadRoute(RouteOptions? options, int index)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"Routes:{index}:");
        if (options is null)
        {
            Require(false, path.TrimEnd(':'), "must not be null");
            return null;
        }

        Require(options.Listen.Count > 0, path + nameof(options.Listen), "at least one endpoint is needed");
        Require(options.Upstreams.Count == 1, path + nameof(options.Upstreams), "exactly one upstream is needed");
        RequireTimeout(options.ConnectTimeout, path + nameof(options.ConnectTimeout));
        RequireTimeout(options.IdleTimeout, path + nameof(options.IdleTimeout));
        RequireTimeout(options.HalfCloseTimeout, path + nameof(options.HalfCloseTimeout));
        Require(options.Backlog >= 1, path + nameof(options.Backlog), "must be 1 or more");
        Require(
            options.KeepAlive is not { } time
                || (time >= TimeSpan.FromSeconds(1) && time <= _longestKeepAlive && time.Ticks % TimeSpan.TicksPerSecond == 0),
            path + nameof(options.KeepAlive),
            $"must be whole seconds, from 1 to {_longestKeepAlive.TotalSeconds:0}");

        ProxyEndpoint?[] listen = [.. options.Listen.Select((text, i) => ReadListen(text, $"{path}{nameof(options.Listen)}:{i}"))];
        ProxyEndpoint?[] upstreams =
            [.. options.Upstreams.Select((upstream, i) => ReadUpstream(upstream, $"{path}{nameof(options.Upstreams)}:{i}:"))];

        return new Route(
            options.Name ?? string.Create(CultureInfo.InvariantCulture, $"route{index + 1}"),
            [.. listen.OfType<ProxyEndpoint>()],
            upstreams.FirstOrDefault()!,
            options.ConnectTimeout,
            options.IdleTimeout,
            options.HalfCloseTimeout,
            options.Backlog,
            options.NoDelay,
            options.KeepAlive);
    }

    private ProxyEndpoint? ReadListen(string text, string path)
    {
        ProxyEndpoint? endpoint = ReadEndpoint(text, path);
        Require(
            endpoint?.Kind != ProxyEndpointKind.Name,
            path,
            $"'{endpoint}' is a name: listen on an address, localhost:PORT, *:PORT or unix:/path");
        return endpoint;
    }

    private ProxyEndpoint? ReadUpstream(UpstreamOptions? options, string path)
    {
        path += nameof(options.Address);
        ProxyEndpoint? endpoint = ReadEndpoint(options?.Address ?? "", path);
        Require(
            endpoint?.Kind != ProxyEndpointKind.Any,
            path,
            $"'{endpoint}' is every address: an upstream needs one to connect to");
        Require(
            endpoint is not { Port: 0, Kind: not ProxyEndpointKind.UnixSocket },
            path,
            $"'{endpoint}' has port 0: an upstream needs a port from 1 to 65535");
        return endpoint;
    }

    private ProxyEndpoint? ReadEndpoint(string text, string path)
    {
        if (!ProxyEndpoint.TryParse(text, out ProxyEndpoint? endpoint, out string? error))
        {
            Require(false, path, error);
        }

        return endpoint;
    }

    private void RequireTimeout(TimeSpan timeout, string path) =>
        Require(timeout > TimeSpan.Zero && timeout <= _longest, path, "must be more than zero, and at most 365 days");

    private void Require(bool holds, string path, string mistake)
    {
        if (!holds)
        {
            _mistakes.Add($"{path}: {mistake}");
        }
    }
}
