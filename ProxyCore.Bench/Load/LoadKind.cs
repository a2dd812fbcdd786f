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

    /// <summary>The same; a PROXY header of version 2 goes ahead of each request, to the proxy and to the upstream.</summary>
    ConnectProxy,

    /// <summary>Each connection sends a TLS hello with one of twenty server names, which choose the route, and gets an answer.</summary>
    ConnectName,
}

internal static class LoadKinds
{
    /// <summary>Whether each request has a connection of its own.</summary>
    internal static bool IsShort(this LoadKind kind) => kind is LoadKind.Connect or LoadKind.ConnectProxy or LoadKind.ConnectName;
}
