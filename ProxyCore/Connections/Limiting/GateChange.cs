using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ProxyCore.Access;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Limiting;

/// <summary>A change of gates: first all lists are read, then, if none is wrong, the gates use them. Any thread, for one change.</summary>
/// <param name="clock">When files are looked at.</param>
/// <param name="logger">Where it is told how reading went.</param>
/// <param name="onListChanged">Called when a list has changed later.</param>
internal sealed class GateChange(TimeProvider clock, ILogger logger, Action onListChanged)
{
    private readonly List<(ClientGate Gate, AccessListSource? Source)> _lists = [];
    private readonly List<(ClientGate Gate, ClientLimitSettings? Limits)> _limits = [];
    private readonly List<ValidationError> _errors = [];

    /// <summary>Finds the lists of settings that can't be read, without any use of them.</summary>
    /// <exception cref="ArgumentException">A list can't be read; the message has a line for each.</exception>
    internal static void Check(ProxySettings settings)
    {
        var change = new GateChange(TimeProvider.System, NullLogger.Instance, static () => { });
        change.Prepare(new ClientGate(), settings, [.. settings.Routes.Select(static _ => new ClientGate())]);
        change.Abandon();
    }

    /// <summary>Reads what all gates are to use.</summary>
    /// <param name="ofProxy">The gate of the proxy.</param>
    /// <param name="settings">What is configured.</param>
    /// <param name="ofRoutes">The gates of the routes, in the order of the settings.</param>
    /// <exception cref="ArgumentException">A list can't be read; the message has a line for each.</exception>
    internal void Prepare(ClientGate ofProxy, ProxySettings settings, IReadOnlyList<ClientGate> ofRoutes)
    {
        Prepare(ofProxy, settings.Access, settings.ClientLimits, nameof(TcpProxyOptions.Access));
        foreach ((int index, RouteSettings route) in settings.Routes.Index())
        {
            string path = FormattableString.Invariant($"{nameof(TcpProxyOptions.Routes)}:{index}:{nameof(RouteOptions.Access)}");
            Prepare(ofRoutes[index], route.Access, route.ClientLimits, path);
        }

        if (_errors.Count > 0)
        {
            Abandon();
            throw new ArgumentException(string.Join(Environment.NewLine, _errors));
        }
    }

    /// <summary>Makes the change.</summary>
    internal void Apply()
    {
        _limits.ForEach(static one => one.Gate.Use(one.Limits));
        _lists.ForEach(static one => one.Gate.Use(one.Source));
    }

    /// <summary>Drops what was read.</summary>
    internal void Abandon() => _lists.ForEach(static one => one.Source?.Dispose());

    /// <summary>Reads what a gate is to use. Lists that are configured as before go on as they are.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="access">Its lists; null for none.</param>
    /// <param name="limits">Its limits; null for none.</param>
    /// <param name="path">Where the lists are configured.</param>
    private void Prepare(ClientGate gate, AccessSettings? access, ClientLimitSettings? limits, string path)
    {
        _limits.Add((gate, limits));
        if (gate.Access == access)
        {
            return;
        }

        AccessListSource? source = null;
        if (access is not null)
        {
            source = new AccessListSource(access, clock, logger);
            source.Changed += onListChanged;
            _errors.AddRange(source.ReadAll(path));
        }

        _lists.Add((gate, source));
    }
}
