namespace ProxyCore.Bench.Chaos.Transfers;

/// <summary>How a transfer ended for one of its two ends.</summary>
internal enum EndOfTransfer
{
    /// <summary>It got every byte and the FIN.</summary>
    Whole,

    /// <summary>It got a FIN before all bytes: a cut stream that looks whole.</summary>
    EarlyFin,

    /// <summary>It got bytes beyond the end of what was sent.</summary>
    TooMuch,

    /// <summary>It got bytes that were not sent.</summary>
    WrongBytes,

    /// <summary>It was reset.</summary>
    Reset,

    /// <summary>Its connect was refused.</summary>
    Refused,

    /// <summary>Nothing came for longer than anything may take.</summary>
    Stalled,

    /// <summary>It reset the connection itself, as it was to do.</summary>
    Left,

    /// <summary>Its server was killed.</summary>
    Killed,
}
