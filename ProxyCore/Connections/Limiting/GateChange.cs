using Microsoft.Extensions.Logging;
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

    /// <summary>Reads what a gate is to use. Lists that are configured as before go on as they are.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="access">Its lists; null for none.</param>
    /// <param name="limits">Its limits; null for none.</param>
    /// <param name="path">Where the lists are configured.</param>
    internal void Prepare(ClientGate gate, AccessSettings? access, ClientLimitSettings? limits, string path)
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

    /// <exception cref="ArgumentException">A list can't be read; the message has a line for each.</exception>
    internal void RequireReadable()
    {
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
}
