namespace ProxyCore.Sharing;

/// <summary>One thing that was set by hand, on this proxy or on another, as this one knows it. For one thread at a time.</summary>
/// <param name="key">What was set.</param>
/// <param name="value">What it was set to; null when it is no longer set.</param>
/// <param name="version">When it was set, and by whom.</param>
/// <param name="until">When it ends, on this proxy's clock; null for never.</param>
internal sealed class SharedItem(SharedKey key, string? value, SharedVersion version, TimeSpan? until)
{
    private bool _isInForce;

    internal SharedKey Key => key;

    internal string? Value => value;

    internal SharedVersion Version => version;

    internal TimeSpan? Until => until;

    /// <summary>Whether the store has it.</summary>
    internal bool IsSaved { get; set; }

    /// <summary>Whether it is in force on this proxy.</summary>
    internal bool IsInForce
    {
        get => _isInForce;
        set
        {
            _isInForce = value;
            WasInForce |= value;
        }
    }

    /// <summary>Whether it is, or was: connections that end by it end once.</summary>
    internal bool WasInForce { get; private set; }

    internal bool HasEnded(TimeSpan now) => until <= now;

    internal SharedRecord ToRecord(TimeSpan now) => new()
    {
        Key = key.Text,
        Value = value,
        Version = version.Time,
        Node = version.Node,
        Remaining = until - now,
    };
}
