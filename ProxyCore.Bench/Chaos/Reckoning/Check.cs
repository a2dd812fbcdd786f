using System.Globalization;

namespace ProxyCore.Bench.Chaos.Reckoning;

/// <summary>One promise, and whether it was kept. Immutable.</summary>
/// <param name="Promise">What must be.</param>
/// <param name="Expected">The figure that it must have.</param>
/// <param name="Seen">The figure that it has.</param>
/// <param name="IsKept">Whether that is right.</param>
internal sealed record Check(string Promise, string Expected, string Seen, bool IsKept)
{
    internal static Check Equal(string promise, long expected, long seen) =>
        new(promise, Text(expected), Text(seen), expected == seen);

    internal static Check AtMost(string promise, long bound, long seen) =>
        new(promise, $"at most {Text(bound)}", Text(seen), seen <= bound);

    internal static Check AtLeast(string promise, long bound, long seen) =>
        new(promise, $"at least {Text(bound)}", Text(seen), seen >= bound);

    public override string ToString() =>
        IsKept ? $"ok: {Promise}: {Seen}" : $"FAILED: {Promise}: expected {Expected}, saw {Seen}";

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
