namespace ProxyCore.Bench.Load;

/// <summary>What the load generator does with its connections.</summary>
internal enum LoadKind
{
    /// <summary>Each busy connection sends its next request when the answer to the last is there.</summary>
    Requests,

    /// <summary>Requests are sent at a given rate, whether answers come or not.</summary>
    Schedule,

    /// <summary>Each connection fetches a large body again and again.</summary>
    Bulk,

    /// <summary>Each request has a connection of its own.</summary>
    Connect,
}
