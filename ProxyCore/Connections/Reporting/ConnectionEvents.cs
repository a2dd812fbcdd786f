using Microsoft.Extensions.Logging;
using ProxyCore.Connections.Sockets;
using ProxyCore.Diagnostics;
using ProxyCore.Relay;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Reporting;

/// <summary>
/// Reports what connections do: to the log, to observers, to the meter and, at their end, to the access log and traces.
/// A connection calls it at each event; this class alone knows which of them are on. The thread of the connection's loop.
/// </summary>
internal sealed class ConnectionEvents(ConnectionEnds ends, ConnectionDurations durations, RefusalLog refusals, ILogger logger)
{
    /// <summary>Whether the access log is on, or traces have a listener.</summary>
    internal bool EndsAreWanted => ends.AreWanted;

    /// <summary>The report of <paramref name="connection"/> as it is now. Without a record it has no attempts and no times of connect and first byte.</summary>
    internal static ConnectionReport ReportOf(IReportedConnection connection, EndReason? reason = null)
    {
        ConnectionFacts facts = connection.Record?.Facts
            ?? new ConnectionFacts { Client = connection.IdentifyClient(), Upstream = connection.UpstreamAddress };
        return new ConnectionReport(connection.Id, connection.RouteName, in facts)
        {
            Duration = connection.Age,
            BytesToUpstream = connection.BytesToUpstream,
            BytesToClient = connection.BytesToClient,
            Phase = connection.Phase,
            Reason = reason,
        };
    }

    /// <summary>Makes the record of a connection; null without observers, access log and listeners to traces.</summary>
    internal ConnectionRecord? MakeRecord(Extensions observers) =>
        observers.Observes || ends.AreWanted ? new ConnectionRecord(observers) : null;

    /// <summary>Throws what an observer throws.</summary>
    internal void ReportAccepted(IReportedConnection connection)
    {
        if (logger.IsEnabled(LogLevel.Debug))
        {
            logger.Accepted(connection.Id, EndPointText.Of(connection.IdentifyClient().Address));
        }

        if (connection.Record is { Observers.Observes: true } record)
        {
            record.Observers.ReportAccepted(ReportOf(connection));
        }
    }

    /// <summary>Throws what an observer throws.</summary>
    internal void ReportRelaying(IReportedConnection connection)
    {
        logger.Relaying(connection.Id, connection.UpstreamAddress!);
        durations.NoteConnected(connection.RouteName, connection.Age);
        connection.Record?.Facts.ConnectTime = connection.Age;
        if (connection.Record is { Observers.Observes: true } record)
        {
            record.Observers.ReportRelaying(ReportOf(connection));
        }
    }

    internal void ReportMessage(IReportedConnection connection, ReadOnlySpan<byte> message)
    {
        if (!message.IsEmpty && logger.IsEnabled(LogLevel.Trace))
        {
            logger.ClientMessage(Printable.Escape(message), connection.Id);
        }
    }

    /// <summary>After a read: <paramref name="pipe"/> may have ended, or wait for its sink.</summary>
    internal void ReportRead(IReportedConnection connection, ConnectionSide source, in Pipe pipe)
    {
        if (pipe.State == PipeState.Done)
        {
            logger.ReadFin(connection.Id, ConnectionNames.Of(source));
        }
        else if (pipe.WantsWrite)
        {
            logger.Paused(connection.Id, ConnectionNames.Of(source), pipe.Pending);
        }
    }

    /// <summary>After pending bytes were sent: <paramref name="pipe"/> may read again.</summary>
    internal void ReportFlushed(IReportedConnection connection, ConnectionSide source, in Pipe pipe)
    {
        if (pipe.WantsRead)
        {
            logger.Resumed(connection.Id, ConnectionNames.Of(source));
        }
    }

    internal void ReportSideFailed(IReportedConnection connection, EndReason reason) => logger.SideFailed(connection.Id, reason);

    /// <summary>The client is refused for what it is or has sent; its connection ends next.</summary>
    internal void ReportRefusal(IReportedConnection connection, EndReason reason, string cause) =>
        refusals.Report(connection.Id, EndPointText.Of(connection.IdentifyClient().Address), reason, cause);

    internal void ReportFault(IReportedConnection connection, Exception exception) => logger.ConnectionFault(connection.Id, exception);

    /// <summary>
    /// The report of a connection that is about to end; null when nothing takes it. It is made before the connection
    /// is closed, because a closed socket has no remote address any more.
    /// </summary>
    internal ConnectionReport? LastReport(IReportedConnection connection, EndReason reason) =>
        connection.Record is not null || ends.AreWanted ? ReportOf(connection, reason) : null;

    /// <param name="connection">The connection that has ended.</param>
    /// <param name="reason">Why it ended.</param>
    /// <param name="endedIn">The phase in which it ended.</param>
    /// <param name="report">What <see cref="LastReport"/> returned.</param>
    internal void ReportEnded(IReportedConnection connection, EndReason reason, ConnectionPhase endedIn, ConnectionReport? report)
    {
        durations.NoteEnded(connection.RouteName, reason, connection.Age);
        logger.Ended(connection.Id, reason, ConnectionNames.Of(endedIn), connection.BytesToUpstream, connection.BytesToClient);
        if (report is null)
        {
            return;
        }

        if (connection.Record?.Observers.ReportEnded(report) is { } exception)
        {
            ReportFault(connection, exception);
        }

        ReportEnd(report);
    }

    /// <summary>Reports a client that another loop accepted and that is reset instead of served.</summary>
    internal void ReportRefused(long id, string route, AcceptedClient client, EndReason reason) => ReportEnd(new ConnectionReport
    {
        Id = id,
        Route = route,
        Client = ClientAddress.Of(client),
        Reason = reason,
    });

    private void ReportEnd(ConnectionReport report)
    {
        if (ends.Report(report) is { } failure)
        {
            logger.TellingFailed(report.Id, failure);
        }
    }
}
