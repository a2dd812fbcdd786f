namespace ProxyCore.Bench.Chaos.Stage;

/// <summary>What happens to the servers of a route.</summary>
internal enum ServerTrouble
{
    /// <summary>Nothing: no transfer may be cut.</summary>
    None,

    /// <summary>All but the first are stopped or killed for a while, so one can always be had.</summary>
    AllButFirst,

    /// <summary>All are stopped at once for less than a second, which must cost no client.</summary>
    AllForAMoment,
}
