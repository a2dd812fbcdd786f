namespace ProxyCore;

/// <summary>The forms in which a <see cref="ProxyEndpoint"/> can be written.</summary>
public enum ProxyEndpointKind
{
    /// <summary><c>PORT</c> or <c>localhost:PORT</c>: both loopback addresses.</summary>
    Loopback,

    /// <summary><c>*:PORT</c>: every address of this machine, IPv4 and IPv6. To listen on only.</summary>
    Any,

    /// <summary><c>192.0.2.1:PORT</c> or <c>[2001:db8::1]:PORT</c>: one address.</summary>
    Address,

    /// <summary><c>name:PORT</c>: every address that the name resolves to. To connect to only.</summary>
    Name,

    /// <summary><c>unix:/path</c>: a Unix domain socket.</summary>
    UnixSocket,

    /// <summary>
    /// <c>scheme:name</c>: the servers that an <see cref="IUpstreamSource"/> finds. In the address of an upstream only;
    /// <see cref="ProxyEndpoint.Parse"/> knows no schemes.
    /// </summary>
    Source,
}
