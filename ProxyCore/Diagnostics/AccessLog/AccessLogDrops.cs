using Microsoft.Extensions.Logging;

namespace ProxyCore.Diagnostics;

/// <summary>Counts what an access log drops, and warns of it every ten seconds at the most. Any thread.</summary>
internal sealed class AccessLogDrops(ILogger logger)
{
    private const long MillisecondsBetweenWarnings = 10_000;

    private string _lastCause = "";
    private long _dropped;
    private long _told;
    private long _silentUntil;

    internal long Count => Volatile.Read(ref _dropped);

    /// <summary>Counts a loss. The first is logged at once, later ones together.</summary>
    internal void Note(AccessLogLoss loss)
    {
        Interlocked.Add(ref _dropped, loss.Connections);
        Volatile.Write(ref _lastCause, loss.Cause);
        long now = Environment.TickCount64;
        long silentUntil = Volatile.Read(ref _silentUntil);
        if (now >= silentUntil
            && Interlocked.CompareExchange(ref _silentUntil, now + MillisecondsBetweenWarnings, silentUntil) == silentUntil)
        {
            ReportRest();
        }
    }

    /// <summary>Logs all losses that are not logged yet.</summary>
    internal void ReportRest()
    {
        long dropped = Count;
        long untold = dropped - Interlocked.Exchange(ref _told, dropped);
        if (untold > 0)
        {
            logger.AccessLogDropped(untold, Volatile.Read(ref _lastCause));
        }
    }
}
