using System.Net;
using System.Runtime.InteropServices;

namespace ProxyCore.Upstreams;

/// <summary>By the client's address, server name or a TLV of its PROXY header: see <see cref="BalancingNames.ClientHash"/>.</summary>
/// <remarks>
/// Rendezvous hashing: client and upstream together are hashed to a score, and the highest wins. When another upstream
/// joins or leaves, the client keeps the one that it has. Weights after Schindelhauer and Schomaker, "Weighted distributed
/// hash tables" (2005).
/// </remarks>
/// <param name="by">By what clients are told apart.</param>
/// <param name="tlv">The type of the TLV, where it is by one.</param>
internal sealed class ClientHash(ClientHashKey by = ClientHashKey.Address, byte tlv = 0) : IBalancingPolicy
{
    // FNV-1a, 64 bit: the same on every machine and in every process, which string.GetHashCode is not.
    private const ulong Basis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public Upstream Choose(IReadOnlyList<Upstream> candidates, ClientInfo client)
    {
        ulong hash = by switch
        {
            ClientHashKey.ServerName when client.ServerName is { } name => Add(Basis, MemoryMarshal.AsBytes(name.AsSpan())),
            ClientHashKey.ProxyTlv when client.TryFindProxyTlv(tlv, out ReadOnlySpan<byte> value) => Add(Basis, value),
            _ => Of(client.Address),
        };
        Upstream winner = candidates[0];
        double best = double.NegativeInfinity;
        foreach (Upstream upstream in candidates)
        {
            double score = Score(hash, upstream);
            if (score > best)
            {
                best = score;
                winner = upstream;
            }
        }

        return winner;
    }

    private static double Score(ulong client, Upstream upstream)
    {
        ulong hash = Mix(Add(client, MemoryMarshal.AsBytes(upstream.Address.AsSpan())));

        // The upper 53 bits, which a double holds exactly, as a fraction above 0 and below 1.
        double fraction = ((hash >> 11) + 0.5) / (1UL << 53);
        return -upstream.Share / Math.Log(fraction);
    }

    private static ulong Of(EndPoint? client)
    {
        if (client is not IPEndPoint { Address: var address })
        {
            return Basis;
        }

        // A dual-stack listener sees an IPv4 client as ::ffff:192.0.2.1.
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out int length);
        return Add(Basis, bytes[..length]);
    }

    private static ulong Add(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (byte one in bytes)
        {
            hash = (hash ^ one) * Prime;
        }

        return hash;
    }

    /// <summary>Spreads a difference in the last bytes over all bits, which FNV does not (the last step of splitmix64).</summary>
    private static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }
}
