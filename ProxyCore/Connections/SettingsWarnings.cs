using Microsoft.Extensions.Logging;
using ProxyCore.Connections.Sockets;
using ProxyCore.Diagnostics;
using ProxyCore.Settings;

namespace ProxyCore.Connections;

/// <summary>Logs what is doubtful in the settings, once until that changes. For one thread at a time.</summary>
internal sealed class SettingsWarnings(ILogger logger)
{
    private IReadOnlyList<string> _last = [];

    internal void Log(ProxySettings settings)
    {
        IReadOnlyList<string> ofMaximum = DescriptorLimit.Warnings(settings);
        foreach (string warning in ofMaximum.Except(_last))
        {
            logger.MaxConnectionsTooHigh(warning);
        }

        IReadOnlyList<string> ofListeners = OwnListeners.Warnings(settings);
        foreach (string warning in ofListeners.Except(_last))
        {
            logger.UpstreamIsOwnListener(warning);
        }

        _last = [.. ofMaximum, .. ofListeners];
    }
}
