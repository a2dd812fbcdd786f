namespace ProxyCore;

/// <summary>The names of the policies that are built in, for <see cref="RouteOptions.Balancing"/>, in any case.</summary>
public static class BalancingNames
{
    /// <summary>All in turn, each as often as its weight says, and spread out (smooth weighted round-robin, as in nginx).</summary>
    public const string RoundRobin = nameof(RoundRobin);

    /// <summary>The upstream with the fewest connections for its weight; equal ones in turn.</summary>
    public const string LeastConnections = nameof(LeastConnections);

    /// <summary>
    /// Two at random, each as likely as its weight says, and of them the one with fewer connections for its weight.
    /// </summary>
    public const string RandomOfTwo = nameof(RandomOfTwo);

    /// <summary>
    /// By the client's address, without its port: the same client comes to the same upstream, on every proxy with the
    /// same upstreams. One upstream less moves only its own clients. All clients of Unix sockets count as one.
    /// <see cref="RouteOptions.HashBy"/> can make it go by the server name instead.
    /// </summary>
    public const string ClientHash = nameof(ClientHash);

    /// <summary>The first in the order of the configuration: others get what is over its maximum, or when it is out.</summary>
    public const string FirstAvailable = nameof(FirstAvailable);

    internal static IReadOnlyList<string> BuiltIn { get; } =
        [RoundRobin, LeastConnections, RandomOfTwo, ClientHash, FirstAvailable];
}
