using System.Net;
using ProxyCore.Relay.Stages;

namespace ProxyCore.Connections.Limiting;

/// <summary>The buckets of one direction of a route, one for each client address that has connections. Any thread.</summary>
/// <remarks>
/// A bucket leaves with the last connection of its client, so there are never more than connections. The lock is taken when
/// a connection begins to relay and when it ends, not for its bytes.
/// </remarks>
internal sealed class ClientBuckets(BandwidthLimit limit)
{
    // Clients of a Unix socket have no address.
    private static readonly IPAddress _unix = IPAddress.None;

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Bucket> _buckets = [];

    /// <summary>How many clients have connections.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _buckets.Count;
            }
        }
    }

    /// <summary>The bucket of <paramref name="client"/>, for one connection, which releases it at its end.</summary>
    internal BandwidthBucket Use(EndPoint? client)
    {
        IPAddress key = KeyOf(client);
        lock (_gate)
        {
            if (!_buckets.TryGetValue(key, out Bucket? bucket))
            {
                bucket = new Bucket(this, key, limit);
                _buckets.Add(key, bucket);
            }

            bucket.Users++;
            return bucket;
        }
    }

    /// <summary>A dual-stack listener sees an IPv4 client as ::ffff:192.0.2.1.</summary>
    private static IPAddress KeyOf(EndPoint? client) => client is not IPEndPoint { Address: var address }
        ? _unix
        : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private void Release(Bucket bucket)
    {
        lock (_gate)
        {
            bucket.Users--;
            if (bucket.Users == 0)
            {
                _buckets.Remove(bucket.Key);
            }
        }
    }

    private sealed class Bucket(ClientBuckets owner, IPAddress key, BandwidthLimit limit) : BandwidthBucket(limit)
    {
        internal IPAddress Key => key;

        internal int Users { get; set; }

        internal override void Release()
        {
            base.Release();
            owner.Release(this);
        }
    }
}
