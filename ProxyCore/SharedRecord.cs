using ProxyCore.Sharing;

namespace ProxyCore;

/// <summary>One thing that was set by hand, as an <see cref="ISharedState"/> keeps it. Immutable.</summary>
public sealed class SharedRecord
{
    /// <summary>What was set: text of up to 4096 characters, which a store need not understand.</summary>
    public required string Key { get; init; }

    /// <summary>What it was set to: text of up to 64 characters. Null: it is no longer set, which is a record too.</summary>
    public required string? Value { get; init; }

    /// <summary>When it was set, as a number that grows with each change: milliseconds since 1970, or more.</summary>
    public required long Version { get; init; }

    /// <summary>Which proxy has set it, a random number of 48 bits. It decides between two changes of one version.</summary>
    public required long Node { get; init; }

    /// <summary>
    /// How long it still holds; null for ever. It is a time that is left and no moment, so that clocks of machines need not agree:
    /// a store counts it down by a clock of its own.
    /// </summary>
    public required TimeSpan? Remaining { get; init; }

    /// <summary>Whether it was set later than another record of the same key.</summary>
    /// <param name="other">The other record.</param>
    /// <exception cref="ArgumentNullException"><paramref name="other"/> is null.</exception>
    public bool IsNewerThan(SharedRecord other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return SharedVersion.Of(this).CompareTo(SharedVersion.Of(other)) > 0;
    }

    /// <summary>A short text for debuggers and messages of tests; its form may change.</summary>
    public override string ToString() => $"{Key}: {Value ?? "not set"}";
}
