using System.Net.Sockets;
using ProxyCore.Connections;
using ProxyCore.Loop;

namespace ProxyCore;

/// <summary>The options of a proxy once they are checked and complete: immutable, safe for any thread.</summary>
internal sealed record ProxySettings(
    IReadOnlyList<RouteSettings> Routes,
    IReadOnlyList<SafeSocketHandle> InheritedSockets,
    int Loops,
    ClientSpread Spread,
    int MaxConnections,
    TimeSpan DrainTimeout,
    int BufferSize,
    ParkingPolicy? Parking,
    Extensions Extensions,
    AccessLogSettings? AccessLog);
