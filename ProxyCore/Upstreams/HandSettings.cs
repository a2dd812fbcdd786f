namespace ProxyCore.Upstreams;

/// <summary>
/// What was set by hand of the upstreams of a pool, by their configured addresses and by those of their names. It outlives the
/// members: an address that a look-up leaves out for a time comes back as it was set. Belongs to the thread of the pool.
/// </summary>
internal sealed class HandSettings
{
    private readonly Dictionary<string, (string Source, HandSetting Setting)> _settings = [];

    internal HandSetting? For(MemberSettings member) => For(member.Address, member.Source);

    /// <summary>What is set of an address that belongs to a configured one.</summary>
    internal HandSetting? For(string address, string source) => HandSetting.Merge(address == source ? null : Find(address), Find(source));

    internal HandSetting? Find(string address) => _settings.TryGetValue(address, out (string Source, HandSetting Setting) found) ? found.Setting : null;

    /// <summary>Whether an address is set already as a change says.</summary>
    internal bool Has(UpstreamChange change)
    {
        HandSetting? setting = Find(change.Upstream);
        return (change.State is null || change.State == (setting?.State ?? UpstreamAdministration.Ready))
            && (!change.SetsWeight || change.Weight == setting?.Weight)
            && (!change.SetsMaxConnections || change.MaxConnections == setting?.MaxConnections);
    }

    /// <summary>Changes what is set of an address.</summary>
    /// <param name="source">The configured address that it belongs to.</param>
    /// <param name="change">The change, with the address.</param>
    /// <param name="now">The time.</param>
    internal void Apply(string source, UpstreamChange change, DateTimeOffset now)
    {
        var setting = HandSetting.After(Find(change.Upstream), change, now);
        if (setting.IsEmpty && (change.Upstream == source || Find(source) is null))
        {
            _settings.Remove(change.Upstream);
        }
        else
        {
            _settings[change.Upstream] = (source, setting);
        }
    }

    /// <summary>Forgets what is set of upstreams that are not configured any more.</summary>
    internal void Keep(IReadOnlyCollection<string> sources)
    {
        foreach (string gone in _settings.Where(one => !sources.Contains(one.Value.Source)).Select(static one => one.Key).ToArray())
        {
            _settings.Remove(gone);
        }
    }
}
