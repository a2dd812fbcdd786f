using System.Globalization;
using ProxyCore.Settings;

namespace ProxyCore.Cli;

/// <summary>Parses counts of the command line, 1 or more.</summary>
internal static class Counts
{
    /// <exception cref="FormatException">It is no such number.</exception>
    internal static int Parse(string text) => Parse(text, int.MaxValue);

    /// <exception cref="FormatException">It is no such number of loops.</exception>
    internal static int ParseLoops(string text) => Parse(text, OptionLimits.Loops.Most);

    private static int Parse(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 && count <= most
            ? count
            : throw new FormatException($"'{text}' is no valid number: from 1 to {most}");
}
