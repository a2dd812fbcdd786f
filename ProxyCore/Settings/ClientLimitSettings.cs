namespace ProxyCore.Settings;

/// <summary>How many connections a client may have, and how fast it may open them. Immutable.</summary>
/// <param name="Connections">How many connections a client may have at a time; null has no limit.</param>
/// <param name="Rate">How fast a client may open connections; null has no limit.</param>
/// <param name="Prefix4">The bits of an IPv4 address that tell clients apart.</param>
/// <param name="Prefix6">The bits of an IPv6 address that tell clients apart.</param>
/// <param name="Entries">How many clients are remembered: those without a connection are forgotten beyond that.</param>
/// <param name="OnExceeded">What happens to a connection that exceeds a limit.</param>
/// <param name="WaitTimeout">How long a connection waits for the limit.</param>
/// <param name="WaitLimit">How many connections wait at a time.</param>
internal sealed record ClientLimitSettings(
    int? Connections,
    Rate? Rate,
    int Prefix4,
    int Prefix6,
    int Entries,
    LimitAction OnExceeded,
    TimeSpan WaitTimeout,
    int WaitLimit);
