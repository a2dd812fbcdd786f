namespace ProxyCore.Upstreams;

/// <summary>One upstream of a pool, from the moment it is known until the last connection to it has ended.</summary>
/// <remarks>Belongs to the thread of its pool; what is said to be immutable may be read by all.</remarks>
internal sealed class PoolMember(MemberSettings settings)
{
    /// <summary>What is configured of it. Immutable, but replaced by a reload or a look-up.</summary>
    internal MemberSettings Settings { get; private set; } = settings;

    /// <summary>What balancing policies see of it.</summary>
    internal Upstream Upstream { get; } = new(settings.Address, settings.Weight);

    internal UpstreamHealth Health { get; } = new();

    /// <summary>Its name in logs. Immutable.</summary>
    internal string Address => Upstream.Address;

    /// <summary>How often it was connected to. Any thread may read.</summary>
    internal long Connected { get; set; }

    /// <summary>How often a connect to it failed. Any thread may read.</summary>
    internal long Failed { get; set; }

    internal bool HasRoom => Settings.MaxConnections is not { } most || Upstream.Connections < most;

    internal void Update(MemberSettings settings)
    {
        Settings = settings;
        Upstream.Weight = settings.Weight;
    }
}
