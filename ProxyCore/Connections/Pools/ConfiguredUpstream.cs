using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>One configured upstream. It stands for one member, for several, or for none while nothing is known of it.</summary>
/// <remarks>Belongs to the thread of the pool.</remarks>
internal abstract class ConfiguredUpstream(UpstreamSettings settings)
{
    internal UpstreamSettings Settings { get; private set; } = settings;

    /// <summary>Its address as it is configured.</summary>
    internal string Name => Settings.Endpoint.ToString();

    /// <summary>Whether a look-up runs.</summary>
    internal abstract bool IsAsking { get; }

    /// <summary>Why it has no addresses, or why the last look-up failed; null when neither is so.</summary>
    internal abstract string? LookupError { get; }

    /// <summary>The members that it stands for now.</summary>
    internal abstract IReadOnlyList<MemberSettings> Members { get; }

    /// <summary>The names that have no address: its own, or those of servers that its source has found.</summary>
    internal abstract IEnumerable<string> Unresolved { get; }

    /// <summary>Begins to look up, or goes on after <see cref="Stop"/>.</summary>
    internal abstract void Start();

    /// <summary>Ends the look-ups. What is known stays.</summary>
    internal abstract void Stop();

    /// <summary>Looks up again before it is time: all, or what one member comes from.</summary>
    /// <param name="address">The address of the member; null for all.</param>
    internal abstract void Refresh(string? address = null);

    /// <summary>Changes the settings; the address is the same.</summary>
    internal virtual void Update(UpstreamSettings settings, RouteSettings route) => Settings = settings;

    /// <summary>Whether it is <paramref name="address"/>, or one of its members is, or a server whose name has no address.</summary>
    internal bool Has(string address) =>
        Name == address || Members.Any(member => member.Address == address) || Unresolved.Contains(address);
}
