namespace ProxyCore;

/// <summary>What happens to a connection that exceeds a limit of its client: see <see cref="ClientLimitOptions"/>.</summary>
public enum LimitAction
{
    /// <summary>The connection is reset (RST).</summary>
    Reset,

    /// <summary>The connection is closed (FIN).</summary>
    Close,

    /// <summary>
    /// The connection waits, unread, until the limit allows it; it is reset after
    /// <see cref="ClientLimitOptions.WaitTimeout"/>, and at once when <see cref="ClientLimitOptions.WaitLimit"/> others wait.
    /// </summary>
    Wait,

    /// <summary>The connection is served, and the log says that it exceeds the limit: a trial of limits.</summary>
    LogOnly,
}
