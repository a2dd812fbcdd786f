using ProxyCore.Connections.Sockets;
using ProxyCore.Relay.Stages;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Limiting;

/// <summary>The rate of one direction of a route, and the buckets of those that share it. Any thread.</summary>
internal sealed class DirectionBandwidth
{
    private readonly BandwidthScope _scope;
    private readonly BandwidthBucket _ofRoute;

    internal DirectionBandwidth(Rate rate, BandwidthScope scope)
    {
        _scope = scope;
        Limit = new BandwidthLimit(rate);
        Clients = new ClientBuckets(Limit);
        _ofRoute = new BandwidthBucket(Limit);
    }

    internal BandwidthLimit Limit { get; }

    /// <summary>The clients that share a bucket, where it is they that do.</summary>
    internal ClientBuckets Clients { get; }

    /// <summary>The bucket for a new connection.</summary>
    internal BandwidthBucket BucketFor(IIdentifiedClient client) => _scope switch
    {
        BandwidthScope.Route => _ofRoute,
        BandwidthScope.Client => Clients.Use(client.Identify().Address),
        _ => new BandwidthBucket(Limit),
    };
}
