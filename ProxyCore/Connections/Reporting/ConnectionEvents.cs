using System.Net;
using Microsoft.Extensions.Logging;
using ProxyCore.Connections.Listening;
using ProxyCore.Connections.Statistics;
using ProxyCore.Diagnostics;
using ProxyCore.Relay;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Reporting;

/// <summary>
/// Tells of connections: to the log, to those who observe them, to the access log and traces at their end, and to the
/// meter. A connection says when; here is decided who wants to know. The thread of the connection's loop.
/// </summary>
internal sealed class ConnectionEvents(ConnectionEnds ends, ProxyMeter meter, ILogger logger)
{
    /// <summary>Whether somebody wants to know of connections that have ended, whoever observed them.</summary>
    internal bool EndsAreWanted => ends.AreWanted;

    /// <summary>What is known of <paramref name="connection"/>: without a record, because nobody wanted to know when it came, not all.</summary>
    internal static ConnectionReport ReportOf(Connection connection, EndReason? reason = null)
    {
        ConnectionRecord? record = connection.Record;
        return new ConnectionReport
        {
            Id = connection.Id,
            Route = connection.Route.Name,
            Client = record is null ? ClientAddress.Of(connection.Client) : record.Client,
            Upstream = record is null ? connection.Member?.Address : record.Upstream,
            Attempts = record?.Attempts ?? 0,
            ConnectTime = record?.ConnectTime,
            FirstByteTime = record?.FirstByteTime,
            Duration = connection.Age,
            BytesToUpstream = connection.BytesToUpstream,
            BytesToClient = connection.BytesToClient,
            Phase = connection.Phase,
            Reason = reason,
        };
    }

    /// <summary>Where to note what is to be told of <paramref name="client"/>'s connection; null when nobody wants to know.</summary>
    internal ConnectionRecord? RecordFor(AcceptedClient client, Extensions observers) =>
        observers.Observes || ends.AreWanted ? new ConnectionRecord(observers, ClientAddress.Of(client)) : null;

    /// <summary>Throws what an observer does.</summary>
    internal void TellAccepted(Connection connection, EndPoint? client)
    {
        if (logger.IsEnabled(LogLevel.Debug))
        {
            logger.Accepted(connection.Id, EndPointText.Of(client ?? ClientAddress.Of(connection.Client)));
        }

        if (connection.Record is { Observers.Observes: true } record)
        {
            record.Observers.TellAccepted(ReportOf(connection));
        }
    }

    /// <summary>Throws what an observer does.</summary>
    internal void TellRelaying(Connection connection, PoolMember member)
    {
        logger.Relaying(connection.Id, member.Address);
        meter.NoteConnected(connection.Route.Name, connection.Age);
        connection.Record?.NoteRelaying(connection.Age);
        if (connection.Record is { Observers.Observes: true } record)
        {
            record.Observers.TellRelaying(ReportOf(connection));
        }
    }

    internal void TellMessage(Connection connection, ReadOnlySpan<byte> message)
    {
        if (!message.IsEmpty && logger.IsEnabled(LogLevel.Trace))
        {
            logger.ClientMessage(Printable.Escape(message), connection.Id);
        }
    }

    /// <summary>What came of reading: <paramref name="pipe"/> may have ended, or have to wait for its sink.</summary>
    internal void TellRead(Connection connection, ConnectionSide source, in Pipe pipe)
    {
        if (pipe.State == PipeState.Done)
        {
            logger.ReadFin(connection.Id, source);
        }
        else if (pipe.WantsWrite)
        {
            logger.Paused(connection.Id, source, pipe.Pending);
        }
    }

    /// <summary>What came of sending what was pending: <paramref name="pipe"/> may read again.</summary>
    internal void TellFlushed(Connection connection, ConnectionSide source, in Pipe pipe)
    {
        if (pipe.WantsRead)
        {
            logger.Resumed(connection.Id, source);
        }
    }

    internal void TellSideFailed(Connection connection, EndReason reason) => logger.SideFailed(connection.Id, reason);

    internal void TellFault(Connection connection, Exception exception) => logger.ConnectionFault(connection.Id, exception);

    /// <summary>
    /// What is to be told of a connection that is about to end; null when nobody wants to know. Taken before it is
    /// closed: a socket can tell of its client afterwards no more.
    /// </summary>
    internal ConnectionReport? LastReport(Connection connection, EndReason reason) =>
        connection.Record is not null || ends.AreWanted ? ReportOf(connection, reason) : null;

    /// <param name="connection">Which has ended.</param>
    /// <param name="reason">Why.</param>
    /// <param name="endedIn">What it was doing.</param>
    /// <param name="report">What <see cref="LastReport"/> said.</param>
    internal void TellEnded(Connection connection, EndReason reason, ConnectionPhase endedIn, ConnectionReport? report)
    {
        meter.NoteEnded(connection.Route.Name, reason, connection.Age);
        logger.Ended(connection.Id, reason, endedIn, connection.BytesToUpstream, connection.BytesToClient);
        if (report is null)
        {
            return;
        }

        if (connection.Record?.Observers.TellEnded(report) is { } exception)
        {
            TellFault(connection, exception);
        }

        TellEnd(report);
    }

    /// <summary>A client that another loop accepted is reset instead of served.</summary>
    internal void TellRefused(long id, Route route, AcceptedClient client, EndReason reason) => TellEnd(new ConnectionReport
    {
        Id = id,
        Route = route.Settings.Name,
        Client = ClientAddress.Of(client),
        Reason = reason,
    });

    private void TellEnd(ConnectionReport report)
    {
        if (ends.Tell(report) is { } failure)
        {
            logger.TellingFailed(report.Id, failure);
        }
    }
}
