namespace ProxyCore.Bench.Peers;

/// <summary>What a proxy can do, by the scenarios that need it.</summary>
[Flags]
internal enum Abilities
{
    /// <summary>Requests on connections that are kept.</summary>
    Requests = 1,

    /// <summary>Large bodies.</summary>
    Bulk = 2,

    /// <summary>A connection for each request.</summary>
    Connect = 4,

    /// <summary>Relays TCP.</summary>
    Relay = Requests | Bulk | Connect,

    /// <summary>Takes and sends PROXY headers and routes by server name.</summary>
    FirstBytes = 8,

    /// <summary>Ends TLS.</summary>
    Tls = 16,

    /// <summary>Access lists, and limits for each client.</summary>
    Limits = 32,

    /// <summary>Faults on purpose.</summary>
    Toxics = 64,

    /// <summary>Thousands of routes.</summary>
    Routes = 128,

    /// <summary>Is one of those that are compared by the number of their threads.</summary>
    Threads = 256,
}
