using System.Net;
using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;

namespace ProxyCore.Connections.Connecting;

/// <summary>What the log says of one connection's way to its upstream.</summary>
internal readonly struct ConnectLog(ILogger logger, long connectionId)
{
    internal void Resolving(string names) => logger.Resolving(connectionId, names);

    internal void Queued(string route) => logger.Queued(connectionId, route);

    internal void RoundOver(TimeSpan pause) => logger.AllTried(connectionId, pause.TotalMilliseconds);

    internal void Trying(EndPoint address)
    {
        if (logger.IsEnabled(LogLevel.Debug))
        {
            logger.Connecting(connectionId, EndPointText.Of(address));
        }
    }

    internal void AddressFailed(EndPoint address, string cause)
    {
        if (logger.IsEnabled(LogLevel.Debug))
        {
            AttemptFailed(EndPointText.Of(address), cause);
        }
    }

    internal void AttemptFailed(string upstream, string cause) => logger.ConnectAttemptFailed(connectionId, upstream, cause);

    /// <summary>No attempt follows.</summary>
    internal void Failed(string upstream, string cause) => logger.ConnectFailed(connectionId, upstream, cause);

    /// <summary>The client gets no upstream to try.</summary>
    internal void Refused(string cause) => logger.Refused(connectionId, cause);
}
