namespace ProxyCore.Settings;

/// <summary>How upstreams are checked. Immutable.</summary>
/// <param name="Interval">From the end of one check to the next.</param>
/// <param name="Timeout">How long a check may take.</param>
/// <param name="Rise">How many successes in a row bring an upstream up.</param>
/// <param name="Fall">How many failures in a row take it down.</param>
/// <param name="Send">What is sent when connected; may be empty.</param>
/// <param name="Expect">What must come; empty when the connect is enough.</param>
/// <param name="EndsSessions">Whether an upstream that goes down loses its connections.</param>
internal sealed record HealthCheckSettings(
    TimeSpan Interval,
    TimeSpan Timeout,
    int Rise,
    int Fall,
    ValueList<byte> Send,
    ValueList<byte> Expect,
    bool EndsSessions);
