namespace ProxyCore.Connections;

/// <summary>What a client speaks, as far as its first bytes had to be read.</summary>
internal enum ClientProtocol : byte
{
    /// <summary>Unknown: nothing had to be read, the client was silent, or it speaks something else.</summary>
    Other,

    /// <summary>TLS: it understands an alert.</summary>
    Tls,

    /// <summary>PostgreSQL, without TLS: it understands an ErrorResponse.</summary>
    Postgres,
}
