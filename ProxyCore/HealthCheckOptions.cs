namespace ProxyCore;

/// <summary>How the upstreams of a route are checked: by a connect, and an answer if one is expected.</summary>
public sealed class HealthCheckOptions
{
    /// <summary>From the end of one check of an upstream to the next. Default 5 s; 1 ms to 365 days.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a check may take, answer included. Default 2 s; more than zero, up to 365 days.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many checks in a row must succeed until an upstream is up again. Default 2; from 1.</summary>
    public int Rise { get; set; } = 2;

    /// <summary>How many checks in a row must fail until an upstream is down. Default 3; from 1.</summary>
    public int Fall { get; set; } = 3;

    /// <summary>
    /// What is sent when connected, each character a byte: <c>"PING\r\n"</c>. Characters up to U+00FF, at most 4096.
    /// Default empty: nothing is sent.
    /// </summary>
    public string Send { get; set; } = "";

    /// <summary>
    /// What must be in the first 4096 bytes that come, each character a byte: <c>"+PONG"</c>. Characters up to U+00FF, at
    /// most 1024. Default empty: the connect is enough.
    /// </summary>
    public string Expect { get; set; } = "";

    /// <summary>Whether connections to an upstream are ended when it goes down. Default false.</summary>
    public bool EndSessions { get; set; }

    /// <summary>The same options in an object of its own.</summary>
    internal HealthCheckOptions Copy() => (HealthCheckOptions)MemberwiseClone();
}
