using System.Diagnostics.CodeAnalysis;

namespace ProxyCore.Hosting;

/// <summary>How far what was written is from what may have been meant.</summary>
internal static class EditDistance
{
    // A name is short; what is longer is no slip, and not worth the square of its length.
    private const int Longest = 64;

    // A short name with two wrong letters is another name.
    private const int LargestSlip = 2;
    private const int LettersForASlip = 3;

    /// <summary>The name that was probably meant; false when none is near.</summary>
    internal static bool TryFindNearest(string written, IEnumerable<string> names, [NotNullWhen(true)] out string? nearest)
    {
        (nearest, int slip) = names.Select(name => (name, Between(written, name))).DefaultIfEmpty(("", int.MaxValue)).MinBy(static one => one.Item2);
        return slip <= Math.Clamp(nearest.Trim('-').Length / LettersForASlip, 1, LargestSlip);
    }

    /// <summary>How many letters must be changed, added, left out or swapped with the next one, whatever their case.</summary>
    internal static int Between(string written, string meant)
    {
        if (written.Length > Longest)
        {
            return int.MaxValue;
        }

        int[] beforePrevious = [];
        int[] previous = [.. Enumerable.Range(0, meant.Length + 1)];
        for (int row = 1; row <= written.Length; row++)
        {
            int[] current = new int[meant.Length + 1];
            current[0] = row;
            for (int i = 1; i <= meant.Length; i++)
            {
                int change = previous[i - 1] + (IsSame(written[row - 1], meant[i - 1]) ? 0 : 1);
                current[i] = Math.Min(Math.Min(previous[i], current[i - 1]) + 1, change);
                bool isSwapped = row > 1 && i > 1 && IsSame(written[row - 1], meant[i - 2]) && IsSame(written[row - 2], meant[i - 1]);
                current[i] = isSwapped ? Math.Min(current[i], beforePrevious[i - 2] + 1) : current[i];
            }

            (beforePrevious, previous) = (previous, current);
        }

        return previous[^1];
    }

    private static bool IsSame(char one, char other) => char.ToUpperInvariant(one) == char.ToUpperInvariant(other);
}
