using Microsoft.Extensions.Logging;

namespace ProxyCore.Diagnostics;

/// <summary>An access log that goes to a logger, one structured event a connection.</summary>
internal sealed class AccessLogLogger(ILogger logger) : IAccessLogSink
{
    /// <summary>The category of a proxy without a name.</summary>
    internal const string Category = "ProxyCore.Access";

    private static readonly EventId _event = new(90, "ConnectionEnded");

    public AccessLogLoss? Write(IReadOnlyList<EndedConnection> batch)
    {
        int lost = 0;
        string cause = "";
        foreach (EndedConnection ended in batch)
        {
            try
            {
                if (logger.IsEnabled(LogLevel.Information))
                {
                    var entry = new AccessLogEvent(new AccessLogFields(ended));
                    logger.Log(LogLevel.Information, _event, entry, exception: null, static (state, _) => state.ToString());
                }
            }
            catch (Exception exception)
            {
                lost++;
                cause = $"the logger failed: {Printable.Shorten(exception.Message)}";
            }
        }

        return lost > 0 ? new AccessLogLoss(lost, cause) : null;
    }
}
