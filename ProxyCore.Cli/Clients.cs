using ProxyCore.Settings;

namespace ProxyCore.Cli;

/// <summary>Parses which clients an option is about.</summary>
internal static class Clients
{
    /// <summary>Checks an address or a CIDR; the text is what the options take.</summary>
    /// <exception cref="FormatException">It is neither; the message says why.</exception>
    internal static string Parse(string text) =>
        AddressRange.TryParse(text, out _, out string? cause) ? text : throw new FormatException(cause);
}
