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

    /// <summary>Each request has a TLS connection of its own, with a full handshake. The proxy ends TLS in this kind and all below.</summary>
    TlsConnect,

    /// <summary>The same, but each connection resumes the session of an earlier one.</summary>
    TlsResume,

    /// <summary><see cref="Bulk"/> over TLS.</summary>
    TlsBulk,

    /// <summary><see cref="Requests"/> over TLS.</summary>
    TlsRequests,

    /// <summary>TLS connections open one after the other, get one answer each, and stay open without further requests.</summary>
    TlsIdle,

    /// <summary><see cref="Schedule"/> without TLS on one listener, while TLS handshakes come at a given rate to another.</summary>
    TlsBesidePlain,
}

internal static class LoadKinds
{
    /// <summary>Whether each request has a connection of its own.</summary>
    internal static bool IsShort(this LoadKind kind) =>
        kind is LoadKind.Connect or LoadKind.ConnectProxy or LoadKind.ConnectName or LoadKind.TlsConnect or LoadKind.TlsResume;

    /// <summary>Whether connections fetch large bodies.</summary>
    internal static bool IsBulk(this LoadKind kind) => kind is LoadKind.Bulk or LoadKind.TlsBulk;

    /// <summary>Whether the proxy ends TLS.</summary>
    internal static bool IsTls(this LoadKind kind) => kind >= LoadKind.TlsConnect;

    /// <summary>Whether the first bytes of a connection tell the proxy what to do with it.</summary>
    internal static bool NeedsFirstBytes(this LoadKind kind) => kind is LoadKind.ConnectProxy or LoadKind.ConnectName;
}
