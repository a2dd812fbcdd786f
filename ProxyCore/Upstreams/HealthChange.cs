namespace ProxyCore.Upstreams;

/// <summary>The change that one report made in the health of an upstream.</summary>
internal enum HealthChange : byte
{
    /// <summary>None, or none that matters outside.</summary>
    None,

    /// <summary>The upstream gets connections again.</summary>
    CameUp,

    /// <summary>Too many connects in a row have failed: the upstream is out for some time.</summary>
    WentOut,

    /// <summary>Too many checks in a row have failed: the upstream is down.</summary>
    WentDown,
}
