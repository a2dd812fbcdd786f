using ProxyCore.Diagnostics;

namespace ProxyCore.Settings;

/// <summary>Checks lists of application protocols.</summary>
internal static class AlpnReader
{
    // RFC 7301, section 3.1: the length of a name is one byte.
    private const int LongestName = byte.MaxValue;

    /// <param name="protocols">The options.</param>
    /// <param name="path">Where they are configured.</param>
    /// <param name="errors">Where mistakes are added.</param>
    internal static ValueList<string> Read(IList<string> protocols, string path, ValidationErrors errors)
    {
        int most = OptionLimits.Protocols.Most;
        errors.Require(OptionLimits.Protocols.Allow(protocols.Count), path, $"must have at most {most} protocols");
        var names = new List<string>();
        for (int i = 0; i < Math.Min(protocols.Count, most); i++)
        {
            string name = protocols[i] ?? "";
            string item = errors.PathOf(protocols, i, path);
            if (errors.Require(
                    IsName(name),
                    item,
                    $"'{Printable.Shorten(name)}' is no application protocol: write one as in h2, http/1.1 or postgresql")
                && errors.Require(!names.Contains(name), item, $"'{Printable.Shorten(name)}' is in the list already"))
            {
                names.Add(name);
            }
        }

        return [.. names];
    }

    /// <summary>A protocol may have any bytes, but all that are registered are visible ASCII, and logs show them.</summary>
    private static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && name.All(static one => one is > ' ' and <= '~');
}
