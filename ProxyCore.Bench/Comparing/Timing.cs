namespace ProxyCore.Bench.Comparing;

/// <summary>How long a measurement takes, and how often it is made.</summary>
/// <param name="Rounds">How often everybody has his turn.</param>
/// <param name="Settling">Seconds between the start of a program and the reading of its resident memory, which settles some time after it listens.</param>
/// <param name="WarmUp">Seconds of load before the measurement.</param>
/// <param name="Seconds">Seconds of it.</param>
internal sealed record Timing(int Rounds, double Settling, double WarmUp, double Seconds)
{
    private const double UsualSettling = 0.5;
    private const double LongestWarmUp = 1;

    /// <summary>So many rounds of so many seconds, each after a warm-up that is shorter for short ones.</summary>
    internal static Timing Of(int rounds, double seconds) =>
        new(rounds, UsualSettling, Math.Min(LongestWarmUp, seconds * 2 / 3), seconds);

    /// <summary>As short as shows that everything works.</summary>
    internal static Timing Smoke { get; } = new(1, 0, 0.1, 0.3);
}
