using ProxyCore.Connections;
using ProxyCore.Loop;

namespace ProxyCore;

/// <summary>Checks options as a whole and turns them into settings; every mistake is told, with its path.</summary>
internal sealed class OptionsReader
{
    private readonly Mistakes _mistakes;

    private OptionsReader(Mistakes mistakes) => _mistakes = mistakes;

    /// <summary>Reads the options of a proxy that is to be started.</summary>
    /// <exception cref="ArgumentException">The options have mistakes; the message has a line for each.</exception>
    internal static ProxySettings Read(TcpProxyOptions options) => Read(options, runningWith: null);

    /// <summary>Reads the options of a proxy that runs already, unless it is null, with those given.</summary>
    /// <exception cref="ArgumentException">The options have mistakes; the message has a line for each.</exception>
    internal static ProxySettings Read(TcpProxyOptions options, ProxySettings? runningWith)
    {
        ArgumentNullException.ThrowIfNull(options);
        var mistakes = new Mistakes();
        var reader = new OptionsReader(mistakes);
        ProxySettings settings = reader.ReadProxy(options);
        if (runningWith is not null)
        {
            settings = reader.KeepWhatIsFixed(settings, runningWith);
        }

        return mistakes.Any ? throw new ArgumentException(string.Join(Environment.NewLine, mistakes.Lines)) : settings;
    }

    /// <summary>Finds the mistakes in options, without any use of them.</summary>
    internal static Mistakes Check(TcpProxyOptions options)
    {
        var mistakes = new Mistakes();
        _ = new OptionsReader(mistakes).ReadProxy(options);
        return mistakes;
    }

    private ProxySettings KeepWhatIsFixed(ProxySettings settings, ProxySettings running)
    {
        const string Mistake = "can't be changed while the proxy runs";
        _mistakes.Require(settings.Loops == running.Loops, nameof(TcpProxyOptions.Loops), Mistake);
        _mistakes.Require(settings.BufferSize == running.BufferSize, nameof(TcpProxyOptions.BufferSize), Mistake);
        _mistakes.Require(
            settings.Parking is null == running.Parking is null, nameof(TcpProxyOptions.ParkIdleSockets), Mistake);
        return settings with
        {
            InheritedSockets = running.InheritedSockets,
            Parking = running.Parking,
            Spread = running.Spread,
        };
    }

    private ProxySettings ReadProxy(TcpProxyOptions options)
    {
        _mistakes.Require(
            !options.ConnectionObservers.Contains(null!), nameof(options.ConnectionObservers), "must not have null among them");
        _mistakes.Require(
            !options.InheritedSockets.Contains(null!), nameof(options.InheritedSockets), "must not have null among them");
        _mistakes.Require(
            options.InheritedSockets.Count == 0 || !OperatingSystem.IsWindows(),
            nameof(options.InheritedSockets),
            "can't be handed over on Windows");
        _mistakes.Require(options.Routes.Count > 0, nameof(options.Routes), "at least one route is needed");
        _mistakes.RequireCount(options.Loops, nameof(options.Loops), OptionLimits.Loops);
        _mistakes.RequireCount(options.MaxConnections ?? 1, nameof(options.MaxConnections), OptionLimits.AnyCount);
        _mistakes.RequireTime(options.DrainTimeout, nameof(options.DrainTimeout), OptionLimits.TimeoutOrNone, "zero");
        _mistakes.Require(
            OptionLimits.BufferSize.Allow(options.BufferSize), nameof(options.BufferSize), $"must be {OptionLimits.BufferSize} bytes");

        var routeReader = new RouteReader(_mistakes, options);
        RouteSettings[] routes = [.. options.Routes.Select(routeReader.Read).OfType<RouteSettings>()];
        string? twice = routes.GroupBy(static route => route.Name).FirstOrDefault(static group => group.Count() > 1)?.Key;
        _mistakes.Require(twice is null, nameof(options.Routes), $"two routes are named '{twice}'");
        return new ProxySettings(
            routes,
            [.. options.InheritedSockets],
            options.Loops,
            ClientSpreading.OfThisSystem,
            options.MaxConnections ?? DescriptorLimit.DefaultMaxConnections(options.Loops),
            options.DrainTimeout,
            options.BufferSize,
            options.ParkIdleSockets ? new ParkingPolicy() : null,
            new Extensions(options.RouteSelector, [.. options.ConnectionObservers]),
            options.AccessLog is { } accessLog ? ReadAccessLog(accessLog) : null);
    }

    private AccessLogSettings? ReadAccessLog(AccessLogOptions options)
    {
        const string Path = $"{nameof(TcpProxyOptions.AccessLog)}:{nameof(AccessLogOptions.Path)}";
        const string Format = $"{nameof(TcpProxyOptions.AccessLog)}:{nameof(AccessLogOptions.Format)}";
        _mistakes.Require(Enum.IsDefined(options.Format), Format, "must be Text or Json");
        bool isPath = options.Path is null || (options.Path.Length > 0 && !options.Path.Contains('\0'));
        _mistakes.Require(isPath, Path, "must be the path of a file");
        return isPath
            ? new AccessLogSettings(options.Path is { } path ? System.IO.Path.GetFullPath(path) : null, options.Format)
            : null;
    }
}
