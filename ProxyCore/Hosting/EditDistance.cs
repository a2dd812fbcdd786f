namespace ProxyCore.Hosting;

/// <summary>How far what was written is from what may have been meant.</summary>
internal static class EditDistance
{
    // A key of configuration is short; what is longer is no slip, and not worth the square of its length.
    private const int Longest = 64;

    /// <summary>How many letters must be changed, added or left out (Levenshtein), whatever their case.</summary>
    internal static int Between(string written, string meant)
    {
        if (written.Length > Longest)
        {
            return int.MaxValue;
        }

        int[] previous = [.. Enumerable.Range(0, meant.Length + 1)];
        foreach (char letter in written)
        {
            int[] current = new int[meant.Length + 1];
            current[0] = previous[0] + 1;
            for (int i = 1; i <= meant.Length; i++)
            {
                bool isSame = char.ToUpperInvariant(letter) == char.ToUpperInvariant(meant[i - 1]);
                current[i] = Math.Min(Math.Min(previous[i], current[i - 1]) + 1, previous[i - 1] + (isSame ? 0 : 1));
            }

            previous = current;
        }

        return previous[^1];
    }
}
