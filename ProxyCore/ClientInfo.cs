using System.Net;
using ProxyCore.Diagnostics;
using ProxyCore.Preread.ProxyProtocol;

namespace ProxyCore;

/// <summary>The client that a route or an upstream is chosen for. Immutable. A test may make its own.</summary>
public sealed class ClientInfo
{
    /// <summary>Makes one.</summary>
    /// <param name="route">See <see cref="Route"/>.</param>
    /// <param name="address">See <see cref="Address"/>.</param>
    /// <param name="localEndPoint">See <see cref="LocalEndPoint"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="route"/> is null.</exception>
    public ClientInfo(string route, EndPoint? address, EndPoint? localEndPoint = null)
    {
        ArgumentNullException.ThrowIfNull(route);
        Route = route;
        Address = address;
        LocalEndPoint = localEndPoint;
    }

    internal ClientInfo(string route, ClientIdentity identity, EndPoint? localEndPoint)
        : this(route, identity.Address, localEndPoint)
    {
        Sender = identity.Sender;
        Destination = identity.Destination;
        ProxyTlvs = identity.ProxyTlvs;
        ServerName = identity.ServerName;
        Alpn = identity.Alpn;
        Tls = identity.Tls;
    }

    /// <summary>The name of the route that the client came to.</summary>
    public string Route { get; }

    /// <summary>
    /// The address of the client, as a PROXY header declares it where there is one; that of a client on a Unix socket mostly has no path. Null when the client had gone
    /// before the proxy could ask, and where a built-in policy does not use it.
    /// </summary>
    public EndPoint? Address { get; }

    /// <summary>
    /// The address that the client connected to: with <c>*:80</c> the one of several that it chose. Null as for
    /// <see cref="Address"/>, and for every built-in policy.
    /// </summary>
    public EndPoint? LocalEndPoint { get; }

    /// <summary>The address of the proxy that has sent a PROXY header for the client; null without a header.</summary>
    public EndPoint? Sender { get; init; }

    /// <summary>The address that the client connected to, as a PROXY header declares it; null without one.</summary>
    public EndPoint? Destination { get; init; }

    /// <summary>
    /// The TLVs of the PROXY header, as they came: a byte for the type, two for the length, the value, and so on. Empty without any.
    /// They are what the sender says, and were not checked further than that their lengths fit.
    /// </summary>
    public ReadOnlyMemory<byte> ProxyTlvs { get; init; }

    /// <summary>
    /// The server name of the client's TLS hello, in lower case and without a trailing dot; null when it has none, or when
    /// nothing is read: its endpoint does not end TLS, and none of its routes has server names, protocols or
    /// <see cref="ClientHashKey.ServerName"/>.
    /// </summary>
    public string? ServerName { get; init; }

    /// <summary>
    /// The application protocol that the client and the proxy agree on; before the handshake, and where the proxy does not end
    /// TLS, the first that the client's hello offers. Null when there is none, and as for <see cref="ServerName"/>.
    /// </summary>
    public string? Alpn { get; init; }

    /// <summary>The TLS with the client; null when the proxy does not end it, and before the handshake: so for a route's choice.</summary>
    public TlsInfo? Tls { get; init; }

    /// <summary>Finds the value of a TLV in <see cref="ProxyTlvs"/>; of several with this type, the first.</summary>
    /// <param name="type">The type, such as 0xE0.</param>
    /// <param name="value">Its value, which may be empty.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryFindProxyTlv(byte type, out ReadOnlySpan<byte> value)
    {
        var tlvs = new TlvEnumerator(ProxyTlvs.Span);
        while (tlvs.MoveNext())
        {
            if ((byte)tlvs.Type == type)
            {
                value = tlvs.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>A short text for debuggers and messages of tests; its form may change.</summary>
    public override string ToString() => $"{Route}: {EndPointText.Of(Address)} to {EndPointText.Of(LocalEndPoint)}";
}
