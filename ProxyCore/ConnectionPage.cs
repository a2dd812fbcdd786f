namespace ProxyCore;

/// <summary>A part of the open connections that a search has found. Immutable. A test may make its own.</summary>
public sealed class ConnectionPage
{
    /// <summary>The connections, the oldest first. Those of all loops are not of quite the same moment.</summary>
    public required IReadOnlyList<ConnectionSnapshot> Connections { get; init; }

    /// <summary>How many connections the search has found in all, with those of other pages.</summary>
    public required int Matching { get; init; }

    /// <summary>Where the next page begins: the id of the last connection here. Null when there are no more.</summary>
    public long? Next { get; init; }

    /// <summary>A short text for debuggers and messages of tests; its form may change.</summary>
    public override string ToString() => $"{Connections.Count} of {Matching} connections";
}
