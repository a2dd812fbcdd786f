using Microsoft.Extensions.Logging;

namespace ProxyCore.Cli.Telemetry;

/// <summary>Tells of a collector that does not take what it is sent, once, and once when it does again. Any thread.</summary>
internal sealed class ExportFailures(ILogger logger)
{
    private int _failing;

    internal void Failed(Uri collector, string cause)
    {
        if (Interlocked.Exchange(ref _failing, 1) == 0)
        {
            logger.ExportFails(collector, cause);
        }
    }

    internal void Succeeded(Uri collector)
    {
        if (Volatile.Read(ref _failing) != 0 && Interlocked.Exchange(ref _failing, 0) != 0)
        {
            logger.ExportWorksAgain(collector);
        }
    }
}
