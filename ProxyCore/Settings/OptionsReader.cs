using ProxyCore.Platform;

namespace ProxyCore.Settings;

/// <summary>Checks options as a whole and turns them into settings; reports every error, with its path.</summary>
internal sealed class OptionsReader
{
    private readonly ValidationErrors _errors;

    private OptionsReader(ValidationErrors errors) => _errors = errors;

    private static long DefaultMaxPendingBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;

    /// <summary>Called with all options that are read, on the thread that reads them: tests count how often that happens.</summary>
    internal static event Action<TcpProxyOptions>? Reading;

    /// <summary>Reads options.</summary>
    /// <param name="options">The options; what is read is a copy of them.</param>
    /// <param name="running">The settings of the proxy that runs and is to take them; null when there is none.</param>
    /// <exception cref="ArgumentException">The options have errors; the message has a line for each.</exception>
    internal static CheckedOptions Read(TcpProxyOptions options, ProxySettings? running = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        TcpProxyOptions copy = options.Copy();
        var errors = new ValidationErrors();
        ProxySettings settings = new OptionsReader(errors).ReadProxy(copy);
        if (running is not null)
        {
            FindChangesOfFixed(settings, running, errors);
        }

        ThrowIfAny(errors);
        return new CheckedOptions(copy, settings);
    }

    /// <summary>Reads options that come from a configuration; null when they have errors, or the configuration has.</summary>
    /// <param name="options">The options.</param>
    /// <param name="errors">What is known to be wrong with the configuration; more is added.</param>
    internal static CheckedOptions? TryRead(TcpProxyOptions options, ValidationErrors errors)
    {
        // Not of a copy: the errors know the items of these lists, and where each is written.
        ProxySettings settings = new OptionsReader(errors).ReadProxy(options);
        return errors.Any ? null : new CheckedOptions(options.Copy(), settings);
    }

    /// <summary>Checks that a running proxy can take <paramref name="settings"/>.</summary>
    /// <exception cref="ArgumentException">It can't; the message has a line for each reason.</exception>
    internal static void RequireFixedAsIn(ProxySettings running, ProxySettings settings)
    {
        var errors = new ValidationErrors();
        FindChangesOfFixed(settings, running, errors);
        ThrowIfAny(errors);
    }

    private static void FindChangesOfFixed(ProxySettings settings, ProxySettings running, ValidationErrors errors)
    {
        const string Cause = "can't be changed while the proxy runs";
        errors.Require(settings.Loops == running.Loops, nameof(TcpProxyOptions.Loops), Cause);
        errors.Require(settings.BufferSize == running.BufferSize, nameof(TcpProxyOptions.BufferSize), Cause);
        errors.Require(
            settings.ParksIdleSockets == running.ParksIdleSockets, nameof(TcpProxyOptions.ParkIdleSockets), Cause);
        errors.Require(settings.ToxicSeed == running.ToxicSeed, nameof(TcpProxyOptions.ToxicSeed), Cause);
        errors.Require(settings.TlsEngine == running.TlsEngine, nameof(TcpProxyOptions.TlsEngine), Cause);
    }

    private static void ThrowIfAny(ValidationErrors errors)
    {
        if (errors.Any)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, errors.Lines));
        }
    }

    private ProxySettings ReadProxy(TcpProxyOptions options)
    {
        Reading?.Invoke(options);
        _errors.Require(
            !options.ConnectionObservers.Contains(null!), nameof(options.ConnectionObservers), "must not have null among them");
        _errors.Require(
            !options.UpstreamObservers.Contains(null!), nameof(options.UpstreamObservers), "must not have null among them");
        _errors.Require(
            !options.InheritedSockets.Contains(null!), nameof(options.InheritedSockets), "must not have null among them");
        _errors.Require(
            options.InheritedSockets.Count == 0 || !TargetSystem.IsWindows,
            nameof(options.InheritedSockets),
            "can't be handed over on Windows");
        _errors.Require(
            options.Routes.Count > 0 || _errors.IsRefusedBelow(nameof(options.Routes)), nameof(options.Routes), "at least one route is needed");
        _errors.RequireCount(options.Loops, nameof(options.Loops), OptionLimits.Loops);
        _errors.RequireCount(options.MaxConnections ?? 1, nameof(options.MaxConnections), OptionLimits.AnyCount);
        _errors.RequireCount(options.MaxDenied, nameof(options.MaxDenied), OptionLimits.Denied);
        _errors.RequireTime(options.DrainTimeout, nameof(options.DrainTimeout), OptionLimits.TimeoutOrNone, "zero");
        _errors.Require(
            OptionLimits.BufferSize.Allow(options.BufferSize), nameof(options.BufferSize), $"must be {OptionLimits.BufferSize} bytes");
        _errors.Require(options.MaxPendingBytes is null or >= 0, nameof(options.MaxPendingBytes), "must be 0 bytes or more");

        _errors.RequireNamed(options.TlsEngine, nameof(options.TlsEngine));
        return new ProxySettings(
            new RouteReader(_errors, options).Read(options.Routes),
            [.. options.InheritedSockets],
            options.Loops,
            options.MaxConnections,
            options.DrainTimeout,
            options.BufferSize,
            options.MaxPendingBytes ?? DefaultMaxPendingBytes,
            options.ParkIdleSockets,
            new Extensions(options.RouteSelector, [.. options.ConnectionObservers], [.. options.UpstreamObservers]),
            options.AccessLog is { } accessLog ? ReadAccessLog(accessLog) : null,
            new AccessReader(_errors).Read(options.Access, nameof(options.Access)))
        {
            ClientLimits = LimitReader.Read(options.ClientLimits, nameof(options.ClientLimits), _errors),
            MaxDenied = options.MaxDenied,
            TlsEngine = options.TlsEngine,
            ToxicSeed = options.ToxicSeed,
        };
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
