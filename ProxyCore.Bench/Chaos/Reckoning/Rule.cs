namespace ProxyCore.Bench.Chaos.Reckoning;

/// <summary>The rules that transfers are judged by. All but the first two are failures.</summary>
internal enum Rule
{
    /// <summary>Both ends got everything, and the proxy says the same.</summary>
    Whole,

    /// <summary>It was cut by something that was done to it.</summary>
    Excused,

    /// <summary>A server of another route got it.</summary>
    Misrouted,

    /// <summary>A byte differs from what was sent.</summary>
    Corrupt,

    /// <summary>An end got a FIN before all bytes.</summary>
    LooksWhole,

    /// <summary>It made no progress for longer than anything may take.</summary>
    Stalled,

    /// <summary>It was cut although nothing was done to it.</summary>
    Cut,

    /// <summary>It was whole for the client, but not for its one server.</summary>
    Halved,

    /// <summary>The access log has no line about it, or several.</summary>
    Logged,

    /// <summary>The access log tells other bytes or another end than the two ends.</summary>
    Misreported,
}
