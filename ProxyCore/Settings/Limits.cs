using System.Globalization;

namespace ProxyCore.Settings;

/// <summary>What an option may be.</summary>
internal abstract record Limits;

/// <param name="Least">The least that is allowed.</param>
/// <param name="Most">The most that is allowed.</param>
internal sealed record CountLimits(int Least, int Most = int.MaxValue) : Limits
{
    internal bool Allow(int count) => count >= Least && count <= Most;

    public override string ToString() => Most == int.MaxValue
        ? string.Create(CultureInfo.InvariantCulture, $"{Least} or more")
        : string.Create(CultureInfo.InvariantCulture, $"from {Least} to {Most}");
}

/// <param name="Least">The least that is allowed.</param>
/// <param name="Most">The most that is allowed.</param>
internal sealed record ShareLimits(double Least, double Most) : Limits
{
    internal bool Allow(double share) => share >= Least && share <= Most;
}

/// <summary>A number of bytes that may be large; any that can be written is allowed.</summary>
/// <param name="Digits">How many digits it may have, written as a number of bytes; three less for each larger unit.</param>
internal sealed record SizeLimits(int Digits) : Limits;

/// <param name="Least">The least that is allowed; one tick stands for anything more than zero.</param>
/// <param name="Most">The most that is allowed.</param>
/// <param name="Step">What it must be a multiple of, if of anything.</param>
internal sealed record TimeLimits(TimeSpan Least, TimeSpan Most, TimeSpan? Step = null) : Limits
{
    internal bool Allow(TimeSpan time) =>
        time >= Least && time <= Most && (Step is not { } step || time.Ticks % step.Ticks == 0);
}

/// <summary>A number of connections in a second, a minute or an hour.</summary>
/// <param name="MostCount">The largest number that is allowed, whatever the time.</param>
internal sealed record RateLimits(int MostCount) : Limits;

/// <param name="Most">How many characters are allowed, each of which stands for a byte.</param>
internal sealed record BytesLimits(int Most) : Limits
{
    /// <summary>The last of the characters that stand for a byte.</summary>
    internal const char LastCharacter = '\xFF';
}
