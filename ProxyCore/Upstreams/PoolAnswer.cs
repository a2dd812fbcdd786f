namespace ProxyCore.Upstreams;

/// <summary>The answer of a pool to a request for an upstream.</summary>
internal enum PoolAnswer : byte
{
    /// <summary>A slot at an upstream was taken for it.</summary>
    Taken,

    /// <summary>All upstreams that may get a connection are at their maximum.</summary>
    Busy,

    /// <summary>No upstream may get it: each is out, down, or was tried already.</summary>
    None,
}
