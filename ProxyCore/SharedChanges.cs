namespace ProxyCore;

/// <summary>What was read from an <see cref="ISharedState"/>.</summary>
public sealed class SharedChanges
{
    /// <summary>Whether these are all records that there are. When not, they are those that were written since a mark.</summary>
    public required bool IsWhole { get; init; }

    /// <summary>Stands for the state as it was read, for <see cref="ISharedState.ReadAsync"/>.</summary>
    public required string Mark { get; init; }

    /// <summary>The records, each key once.</summary>
    public required IReadOnlyList<SharedRecord> Records { get; init; }
}
