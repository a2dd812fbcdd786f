namespace ProxyCore.Upstreams;

/// <summary>What a pool says to one who wants an upstream.</summary>
internal enum PoolAnswer : byte
{
    /// <summary>Here is one.</summary>
    Taken,

    /// <summary>All that could be had are at their maximum.</summary>
    Busy,

    /// <summary>None can be had: out, down, or tried already.</summary>
    None,
}
