namespace ProxyCore.Access;

/// <summary>Whether the limits of a client allow one more connection.</summary>
internal enum LimitVerdict
{
    /// <summary>They allow it, and it is counted until it is released.</summary>
    Admitted,

    /// <summary>The client has as many connections as it may have.</summary>
    TooManyConnections,

    /// <summary>The client opens connections faster than it may.</summary>
    TooFast,
}
