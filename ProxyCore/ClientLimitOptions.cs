namespace ProxyCore;

/// <summary>
/// How many connections a client may have, and how fast it may open them. A client is an address, or a prefix with all of
/// its addresses; all loops count together. Clients over Unix sockets have no address and are not limited.
/// </summary>
public sealed class ClientLimitOptions
{
    /// <summary>How many connections a client may have at a time. Default null: no limit; from 1.</summary>
    public int? Connections { get; set; }

    /// <summary>How fast a client may open connections, in the long run. Default null: no limit.</summary>
    public ConnectionRate? ConnectionRate { get; set; }

    /// <summary>
    /// How many connections a client may open at once after a pause; further ones at <see cref="ConnectionRate"/>. Default
    /// null: the count of <see cref="ConnectionRate"/>, so 10 for <c>10/s</c>; from 1 to 1,000,000.
    /// </summary>
    public int? Burst { get; set; }

    /// <summary>How many bits of an IPv4 address, mapped ones included, tell clients apart. Default 32; from 1 to 32.</summary>
    public int Prefix4 { get; set; } = 32;

    /// <summary>
    /// How many bits of an IPv6 address tell clients apart. Default 64, because a client usually has all addresses of such a
    /// prefix; from 1 to 128.
    /// </summary>
    public int Prefix6 { get; set; } = 64;

    /// <summary>
    /// How many clients are remembered, at about 60 bytes each. Default 65,536; from 1 to 16,777,216. Beyond it those are
    /// forgotten that have no connection and have used their rate the least. Clients with a connection are always counted,
    /// even when there are more of them.
    /// </summary>
    public int Entries { get; set; } = 65_536;

    /// <summary>What happens to a connection that exceeds a limit. Default <see cref="LimitAction.Reset"/>.</summary>
    public LimitAction OnExceeded { get; set; } = LimitAction.Reset;

    /// <summary>
    /// How long a connection waits for the limit, with <see cref="LimitAction.Wait"/>. Default 5 s; more than zero, up to 365
    /// days.
    /// </summary>
    public TimeSpan WaitTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many connections wait for the limit at a time, with <see cref="LimitAction.Wait"/>; further ones are reset.
    /// Default 1024; from 1.
    /// </summary>
    public int WaitLimit { get; set; } = 1024;

    /// <summary>The same options in an object of its own.</summary>
    internal ClientLimitOptions Copy() => (ClientLimitOptions)MemberwiseClone();
}
