using ProxyCore.Connections.Encrypting;
using ProxyCore.Connections.Limiting;
using ProxyCore.Settings;

namespace ProxyCore.Cli;

/// <summary>Checks the files with lists of clients, certificates and keys that settings name.</summary>
internal static class ReferencedFiles
{
    /// <returns>The warnings of those that can be used.</returns>
    /// <exception cref="ArgumentException">One can't be used; the message has a line for each.</exception>
    internal static IReadOnlyList<string> Check(ProxySettings settings)
    {
        var warnings = new WarningList();
        GateChange.Check(settings);
        ProxyTls.Check(settings, warnings);
        return warnings.Texts;
    }
}
