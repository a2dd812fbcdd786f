namespace ProxyCore.Preread.Postgres;

/// <summary>With what a PostgreSQL client begins its connection.</summary>
internal enum PostgresStartKind
{
    /// <summary>The beginning of what may become one of the others.</summary>
    NeedMore,

    /// <summary>Another protocol.</summary>
    NotPostgres,

    /// <summary>The client asks for TLS, and begins it after the answer 'S'. Nothing follows the request before the answer.</summary>
    SslRequest,

    /// <summary>The client asks for GSSAPI encryption. After the answer 'N' it may ask for TLS on the same connection.</summary>
    GssEncRequest,

    /// <summary>The client asks to cancel a query of another connection, without a name.</summary>
    CancelRequest,

    /// <summary>The client begins without TLS, so without a server name.</summary>
    Startup,
}
