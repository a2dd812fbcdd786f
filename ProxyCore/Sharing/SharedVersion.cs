namespace ProxyCore.Sharing;

/// <summary>Which of two changes is the later one: that of the later time, and of two of one time that of the greater node.</summary>
/// <param name="Time">Milliseconds since 1970, or one more than the latest version that its node had seen.</param>
/// <param name="Node">The node that made the change.</param>
internal readonly record struct SharedVersion(long Time, long Node) : IComparable<SharedVersion>
{
    // The year 3000. A greater number is no time of anybody's clock, and would never be overtaken.
    private const long Most = 32_503_680_000_000;

    internal bool IsValid => Time is > 0 and <= Most && Node >= 0;

    internal static SharedVersion Of(SharedRecord record) => new(record.Version, record.Node);

    public int CompareTo(SharedVersion other) => (Time, Node).CompareTo((other.Time, other.Node));
}
