namespace ProxyCore;

/// <summary>A loop at one moment. Immutable. A test may make its own.</summary>
public sealed class LoopSnapshot
{
    /// <summary>Its number, counted from 1.</summary>
    public required int Number { get; init; }

    /// <summary>How many connections it has.</summary>
    public required int Connections { get; init; }

    /// <summary>How many times it has called Select.</summary>
    public required long Selects { get; init; }

    /// <summary>How many sockets are in Select's lists: each costs every Select some 0.1 µs.</summary>
    public required int Watched { get; init; }

    /// <summary>How many sockets are parked.</summary>
    public required int Parked { get; init; }

    /// <summary>How long it has worked in all: the time outside of Select.</summary>
    public required TimeSpan BusyTime { get; init; }

    /// <summary>
    /// The longest time between two Selects in the last 10 to 20 s: so long every connection of this loop waited.
    /// </summary>
    public required TimeSpan LongestTurn { get; init; }

    /// <summary>A short text for debuggers and messages of tests; its form may change.</summary>
    public override string ToString() => $"loop {Number}: {Connections} connections";
}
