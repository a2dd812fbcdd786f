namespace ProxyCore.Upstreams;

/// <summary>One upstream of a pool. It lives until it is no member any more and its last connection has ended.</summary>
/// <remarks>Belongs to the thread of the pool. Other threads may read it; its figures are then not quite of one moment.</remarks>
internal sealed class PoolMember(MemberSettings settings, int loops = 1)
{
    /// <summary>Its configuration. Immutable; a reload or a look-up replaces it.</summary>
    internal MemberSettings Settings { get; private set; } = settings;

    /// <summary>The part of it that balancing policies see.</summary>
    internal Upstream Upstream { get; } = new(settings.Address, settings.Weight);

    internal UpstreamHealth Health { get; } = new();

    /// <summary>The last change of its state, with the failure that caused it; null while there was none.</summary>
    internal HealthNote? LastChange { get; set; }

    /// <summary>Since when connects to it fail one after the other, and how the last one did; null when the last one succeeded.</summary>
    internal HealthNote? Failing { get; private set; }

    /// <summary>Its last check; null when it is not checked.</summary>
    internal CheckNote? LastCheck { get; set; }

    /// <summary>How fast it gets connections.</summary>
    internal SessionRate Sessions { get; } = new();

    /// <summary>The bytes of its connections.</summary>
    internal MemberTraffic Traffic { get; } = new(loops);

    /// <summary>What was set of it by hand; null for nothing.</summary>
    internal HandSetting? ByHand { get; private set; }

    /// <summary>Its slow start.</summary>
    internal WarmUp WarmUp { get; } = new();

    /// <summary>What an operator has decided about it.</summary>
    internal UpstreamAdministration Administration => ByHand?.State ?? UpstreamAdministration.Ready;

    /// <summary>Its weight: what was set by hand, else what is configured.</summary>
    internal int Weight => ByHand?.Weight ?? Settings.Weight;

    /// <summary>Its maximum in the same way; null is no limit.</summary>
    internal int? MaxConnections => ByHand?.MaxConnections ?? Settings.MaxConnections;

    /// <summary>Whether operator and weight let it have connections. Its health is another question.</summary>
    internal bool IsInService => Administration == UpstreamAdministration.Ready && Weight > 0;

    /// <summary>Its name in logs. Immutable.</summary>
    internal string Address => Upstream.Address;

    /// <summary>Whether it is no member of its pool any more, and only finishes the connections that it has.</summary>
    internal bool IsDraining { get; set; }

    /// <summary>Its state, for those who look at it from outside.</summary>
    internal UpstreamState State => IsDraining ? UpstreamState.Draining : Health.State;

    /// <summary>How many connects to it have succeeded.</summary>
    internal long Connected { get; set; }

    /// <summary>How many connects to it have failed.</summary>
    internal long Failed { get; set; }

    /// <summary>Whether it is below its maximum, which grows during a slow start.</summary>
    internal bool HasRoom(TimeSpan now, TimeSpan slowStart) =>
        MaxConnections is not { } most
        || Upstream.Connections < (WarmUp.PartAt(now, slowStart) is < 1 and var part ? Math.Max(1, (int)(most * part)) : most);

    /// <summary>Changes its settings, and ends its draining.</summary>
    internal void Update(MemberSettings settings)
    {
        IsDraining = false;
        Settings = settings;
        Upstream.Weight = Weight;
    }

    /// <summary>A connect to it has failed.</summary>
    internal void NoteFailed(DateTimeOffset time, string cause) => Failing = new HealthNote(Failing?.Since ?? time, cause);

    /// <summary>A connect to it has succeeded.</summary>
    /// <param name="now">The time, in ticks of 100 ns on the clock that all loops share.</param>
    internal void NoteConnected(long now)
    {
        Failing = null;
        Sessions.Count(now);
    }

    /// <summary>Its checks were turned off: what they have found does not count any more.</summary>
    internal void NoteUnchecked()
    {
        LastCheck = null;
        if (Health.State == UpstreamState.Down)
        {
            LastChange = null;
        }

        Health.OnUnchecked();
    }

    /// <summary>Uses what is set by hand.</summary>
    internal void Use(HandSetting? setting)
    {
        ByHand = setting;
        Upstream.Weight = Weight;
    }
}
