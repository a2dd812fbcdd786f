using System.Globalization;
using ProxyCore.Settings;

namespace ProxyCore.Cli;

/// <summary>Parses counts of the command line.</summary>
internal static class Counts
{
    /// <exception cref="FormatException">It is no such number.</exception>
    internal static int Parse(string text) => Parse(text, int.MaxValue);

    /// <exception cref="FormatException">It is no such number of loops.</exception>
    internal static int ParseLoops(string text) => Parse(text, OptionLimits.Loops.Most);

    /// <exception cref="FormatException">It is no weight of an upstream.</exception>
    internal static int ParseWeight(string text) => Parse(text, OptionLimits.Weight.Most, OptionLimits.Weight.Least);

    private static int Parse(string text, int most, int least = 1) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= least && count <= most
            ? count
            : throw new FormatException($"'{text}' is no valid number: from {least} to {most}");
}
