namespace ProxyCore.Cli.Toxiproxy;

/// <summary>The values of a toxic's attributes, in the order of its <see cref="ToxicKind.Attributes"/>. Immutable.</summary>
internal sealed record ToxicValues(IReadOnlyList<object> All)
{
    internal long Whole(int index) => (long)All[index];

    /// <summary>A size or count that the library has as an <see cref="int"/>; nothing that is sent is larger.</summary>
    internal int Size(int index) => (int)Math.Min(int.MaxValue, Whole(index));

    internal double Share(int index) => (double)All[index];

    internal ToxicEnd End(int index) => (ToxicEnd)All[index];

    internal TimeSpan Milliseconds(int index) => TimeSpan.FromTicks(Whole(index) * TimeSpan.TicksPerMillisecond);

    internal TimeSpan Microseconds(int index) => TimeSpan.FromTicks(Whole(index) * TimeSpan.TicksPerMicrosecond);
}
