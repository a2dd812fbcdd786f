using Microsoft.Extensions.Logging;

namespace ProxyCore.Cli.Telemetry;

/// <summary>Logs once that a collector does not accept the data, and once that it does again. Any thread.</summary>
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
