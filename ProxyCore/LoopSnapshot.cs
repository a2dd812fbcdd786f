namespace ProxyCore;

/// <summary>A loop at one moment. Immutable.</summary>
public sealed class LoopSnapshot
{
    internal LoopSnapshot()
    {
    }

    /// <summary>Which it is, counted from 1.</summary>
    public required int Number { get; init; }

    /// <summary>How many connections it has.</summary>
    public required int Connections { get; init; }

    /// <summary>How often it has called Select.</summary>
    public required long Selects { get; init; }

    /// <summary>How many sockets stand in Select's lists: each costs every Select some 0.1 µs.</summary>
    public required int Watched { get; init; }

    /// <summary>How many sockets are parked.</summary>
    public required int Parked { get; init; }

    /// <summary>How long it has worked in all, other than waited in Select.</summary>
    public required TimeSpan BusyTime { get; init; }

    /// <summary>
    /// The longest that it has worked without looking at its sockets in the last 10 to 20 s: so long everybody on it
    /// waited.
    /// </summary>
    public required TimeSpan LongestTurn { get; init; }
}
