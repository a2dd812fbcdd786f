namespace ProxyCore.Bench.Comparing;

/// <summary>How long a measurement takes, and how often it is made.</summary>
/// <param name="Rounds">How often everybody has his turn.</param>
/// <param name="WarmUp">Seconds before the measurement.</param>
/// <param name="Seconds">Seconds of it.</param>
internal sealed record Timing(int Rounds, double WarmUp, double Seconds);
