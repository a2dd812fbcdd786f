namespace ProxyCore.Upstreams;

/// <summary>One upstream of a pool. It lives until it is no member any more and its last connection has ended.</summary>
/// <remarks>Belongs to the thread of the pool. Other threads may read it; its figures are then not quite of one moment.</remarks>
internal sealed class PoolMember(MemberSettings settings)
{
    /// <summary>Its configuration. Immutable; a reload or a look-up replaces it.</summary>
    internal MemberSettings Settings { get; private set; } = settings;

    /// <summary>The part of it that balancing policies see.</summary>
    internal Upstream Upstream { get; } = new(settings.Address, settings.Weight);

    internal UpstreamHealth Health { get; } = new();

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

    internal bool HasRoom => Settings.MaxConnections is not { } most || Upstream.Connections < most;

    /// <summary>Changes its settings, and ends its draining.</summary>
    internal void Update(MemberSettings settings)
    {
        IsDraining = false;
        Settings = settings;
        Upstream.Weight = settings.Weight;
    }
}
