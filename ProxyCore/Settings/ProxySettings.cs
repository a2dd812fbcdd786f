using System.Net.Sockets;

namespace ProxyCore.Settings;

/// <summary>The options of a proxy once they are checked and complete: immutable, safe for any thread.</summary>
/// <param name="Routes">At least one; no name twice.</param>
/// <param name="InheritedSockets">Sockets that listen already.</param>
/// <param name="Loops">How many loops relay.</param>
/// <param name="MaxConnections">How many connections may be open at a time; null is what the descriptor limit allows.</param>
/// <param name="DrainTimeout">How long open connections may finish after the stop.</param>
/// <param name="BufferSize">The most that one direction of a connection holds, in bytes.</param>
/// <param name="MaxPendingBytes">The most that all directions hold before each holds less, in bytes.</param>
/// <param name="ParksIdleSockets">Whether quiet sockets are parked, where the system can.</param>
/// <param name="Extensions">The user's code.</param>
/// <param name="AccessLog">Where ended connections are logged; null is nowhere.</param>
/// <param name="Access">Which clients may connect, to any route; null is all.</param>
internal sealed record ProxySettings(
    ValueList<RouteSettings> Routes,
    ValueList<SafeSocketHandle> InheritedSockets,
    int Loops,
    int? MaxConnections,
    TimeSpan DrainTimeout,
    int BufferSize,
    long MaxPendingBytes,
    bool ParksIdleSockets,
    Extensions Extensions,
    AccessLogSettings? AccessLog,
    AccessSettings? Access)
{
    /// <summary>What each client may do, on all routes together; null has no limits.</summary>
    internal ClientLimitSettings? ClientLimits { get; init; }

    /// <summary>How many addresses and ranges may be denied for a time.</summary>
    internal int MaxDenied { get; init; }

    /// <summary>The implementation of TLS.</summary>
    internal TlsEngineKind TlsEngine { get; init; }

    /// <summary>Where the chance of toxics begins; null for another place each time.</summary>
    internal long? ToxicSeed { get; init; }
}
