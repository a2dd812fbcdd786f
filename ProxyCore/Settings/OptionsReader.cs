namespace ProxyCore.Settings;

/// <summary>Checks options as a whole and turns them into settings; every mistake is told, with its path.</summary>
internal sealed class OptionsReader
{
    private readonly ValidationErrors _errors;

    private OptionsReader(ValidationErrors errors) => _errors = errors;

    private static long DefaultMaxPendingBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;

    /// <summary>Reads the options of a proxy that is to be started.</summary>
    /// <exception cref="ArgumentException">The options have errors; the message has a line for each.</exception>
    internal static ProxySettings Read(TcpProxyOptions options) => Read(options, runningWith: null);

    /// <summary>Reads the options of a proxy that runs already, unless it is null, with those given.</summary>
    /// <exception cref="ArgumentException">The options have errors; the message has a line for each.</exception>
    internal static ProxySettings Read(TcpProxyOptions options, ProxySettings? runningWith)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new ValidationErrors();
        var reader = new OptionsReader(errors);
        ProxySettings settings = reader.ReadProxy(options);
        if (runningWith is not null)
        {
            settings = reader.KeepWhatIsFixed(settings, runningWith);
        }

        return errors.Any ? throw new ArgumentException(string.Join(Environment.NewLine, errors.Lines)) : settings;
    }

    /// <summary>Finds the mistakes in options, without any use of them.</summary>
    /// <param name="options">The options.</param>
    /// <param name="errors">What is known to be wrong with the configuration that they were read from; more is added.</param>
    internal static void Check(TcpProxyOptions options, ValidationErrors errors) => new OptionsReader(errors).ReadProxy(options);

    private ProxySettings KeepWhatIsFixed(ProxySettings settings, ProxySettings running)
    {
        const string Mistake = "can't be changed while the proxy runs";
        _errors.Require(settings.Loops == running.Loops, nameof(TcpProxyOptions.Loops), Mistake);
        _errors.Require(settings.BufferSize == running.BufferSize, nameof(TcpProxyOptions.BufferSize), Mistake);
        _errors.Require(
            settings.ParksIdleSockets == running.ParksIdleSockets, nameof(TcpProxyOptions.ParkIdleSockets), Mistake);
        return settings with { InheritedSockets = running.InheritedSockets };
    }

    private ProxySettings ReadProxy(TcpProxyOptions options)
    {
        _errors.Require(
            !options.ConnectionObservers.Contains(null!), nameof(options.ConnectionObservers), "must not have null among them");
        _errors.Require(
            !options.UpstreamObservers.Contains(null!), nameof(options.UpstreamObservers), "must not have null among them");
        _errors.Require(
            !options.InheritedSockets.Contains(null!), nameof(options.InheritedSockets), "must not have null among them");
        _errors.Require(
            options.InheritedSockets.Count == 0 || !OperatingSystem.IsWindows(),
            nameof(options.InheritedSockets),
            "can't be handed over on Windows");
        _errors.Require(
            options.Routes.Count > 0 || _errors.IsRefusedBelow(nameof(options.Routes)), nameof(options.Routes), "at least one route is needed");
        _errors.RequireCount(options.Loops, nameof(options.Loops), OptionLimits.Loops);
        _errors.RequireCount(options.MaxConnections ?? 1, nameof(options.MaxConnections), OptionLimits.AnyCount);
        _errors.RequireTime(options.DrainTimeout, nameof(options.DrainTimeout), OptionLimits.TimeoutOrNone, "zero");
        _errors.Require(
            OptionLimits.BufferSize.Allow(options.BufferSize), nameof(options.BufferSize), $"must be {OptionLimits.BufferSize} bytes");
        _errors.Require(options.MaxPendingBytes is null or >= 0, nameof(options.MaxPendingBytes), "must be 0 bytes or more");

        var routeReader = new RouteReader(_errors, options);
        return new ProxySettings(
            [.. options.Routes.Select(routeReader.Read).OfType<RouteSettings>()],
            [.. options.InheritedSockets],
            options.Loops,
            options.MaxConnections,
            options.DrainTimeout,
            options.BufferSize,
            options.MaxPendingBytes ?? DefaultMaxPendingBytes,
            options.ParkIdleSockets,
            new Extensions(options.RouteSelector, [.. options.ConnectionObservers], [.. options.UpstreamObservers]),
            options.AccessLog is { } accessLog ? ReadAccessLog(accessLog) : null);
    }

    private AccessLogSettings? ReadAccessLog(AccessLogOptions options)
    {
        const string Path = $"{nameof(TcpProxyOptions.AccessLog)}:{nameof(AccessLogOptions.Path)}";
        const string Format = $"{nameof(TcpProxyOptions.AccessLog)}:{nameof(AccessLogOptions.Format)}";
        _errors.Require(Enum.IsDefined(options.Format), Format, "must be Text or Json");
        bool isPath = options.Path is null || (options.Path.Length > 0 && !options.Path.Contains('\0'));
        _errors.Require(isPath, Path, "must be the path of a file");
        return isPath
            ? new AccessLogSettings(options.Path is { } path ? System.IO.Path.GetFullPath(path) : null, options.Format)
            : null;
    }
}
