namespace ProxyCore.Upstreams;

/// <summary>Whether an upstream gets connections.</summary>
internal enum HealthState : byte
{
    /// <summary>It does.</summary>
    Up,

    /// <summary>Connects failed: it gets none until its time is over, then one to try.</summary>
    Out,

    /// <summary>The one to try is under way; it gets no other.</summary>
    OnTrial,

    /// <summary>Checks failed: it gets none until checks succeed again.</summary>
    Down,
}
