namespace ProxyCore.Upstreams;

/// <summary>What one report has changed in the health of an upstream.</summary>
internal enum HealthChange : byte
{
    /// <summary>Nothing that concerns others.</summary>
    None,

    /// <summary>It gets connections again.</summary>
    CameUp,

    /// <summary>Connects have failed too often in a row: it is out for some time.</summary>
    WentOut,

    /// <summary>Checks have failed too often in a row: it is down.</summary>
    WentDown,
}
