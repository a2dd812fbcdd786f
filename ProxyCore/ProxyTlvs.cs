namespace ProxyCore;

/// <summary>
/// What a PROXY protocol header of <see cref="ProxyProtocolVersion.V2"/> says besides the addresses. Each is left out of a
/// header when its value is not known. Version 1 carries none.
/// </summary>
/// <remarks>Some servers take short headers only: nginx before 1.25 takes 107 bytes, MariaDB 10.11 takes 256.</remarks>
[Flags]
public enum ProxyTlvs
{
    /// <summary>The addresses alone.</summary>
    None = 0,

    /// <summary>The server name that the client asked for, at most 255 bytes (type 0x02).</summary>
    Authority = 1,

    /// <summary>The application protocol that was agreed on with the client, at most 255 bytes (type 0x01).</summary>
    Alpn = 2,

    /// <summary>The identifier of the connection, at most 128 bytes (type 0x05).</summary>
    UniqueId = 4,

    /// <summary>The client's TLS: version, cipher, certificate (type 0x20).</summary>
    Ssl = 8,

    /// <summary>A checksum over the whole header (type 0x03). Always the last.</summary>
    Crc32C = 16,

    /// <summary>
    /// What the received header carried, as it came, except its checksum, its padding, and what this proxy writes anew.
    /// </summary>
    Received = 32,
}
