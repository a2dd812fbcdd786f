using System.Globalization;

namespace ProxyCore.Cli;

/// <summary>A number of things on the command line, one or more.</summary>
internal static class Counts
{
    /// <exception cref="FormatException">It is no such number.</exception>
    internal static int Parse(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
            ? count
            : throw new FormatException($"'{text}' is no valid number: from 1 to {int.MaxValue}");
}
