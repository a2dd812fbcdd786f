using Microsoft.Extensions.Logging;

namespace ProxyCore.Diagnostics;

/// <summary>Every line that the library logs. Ids: 1–19 proxy and loop, 20–28 listeners, 29–39 denied clients and shared state, 40–69 connections, 70–89 upstreams, 90–99 access log, 100–119 certificates, 120–129 TLS, 130–139 toxics.</summary>
/// <remarks>Each step of a connection has an event, so that the log shows its state machine.</remarks>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Select wait")]
    internal static partial void SelectWait(this ILogger logger);

    [LoggerMessage(2, LogLevel.Error, "A handler that belongs to no connection failed; the loop goes on")]
    internal static partial void LoopFault(this ILogger logger, Exception exception);

    [LoggerMessage(3, LogLevel.Critical, "The loop can't go on; every connection is cut")]
    internal static partial void LoopFailed(this ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Information, "Draining: {Connections} still open, to be cut after {Seconds} s")]
    internal static partial void Draining(this ILogger logger, long connections, double seconds);

    [LoggerMessage(5, LogLevel.Warning, "Cutting: {Connections} still open ({Reason})")]
    internal static partial void Cutting(this ILogger logger, long connections, EndReason reason);

    [LoggerMessage(6, LogLevel.Information, "Server stopped")]
    internal static partial void Stopped(this ILogger logger);

    [LoggerMessage(7, LogLevel.Information, "Configuration applied: {Routes} routes; {Added} endpoints added, {Removed} removed")]
    internal static partial void Applied(this ILogger logger, int routes, int added, int removed);

    [LoggerMessage(8, LogLevel.Error, "Nothing is changed: {Mistake}")]
    internal static partial void NotApplied(this ILogger logger, string mistake);

    // The course's line, with what tells several listeners apart behind it.
    [LoggerMessage(20, LogLevel.Information, "Server listening on port {Port} ({Endpoint}, {Routes})")]
    internal static partial void ListeningOnPort(this ILogger logger, int port, string endpoint, string routes);

    [LoggerMessage(21, LogLevel.Information, "Server listening on {Endpoint} ({Routes})")]
    internal static partial void ListeningOn(this ILogger logger, ProxyEndpoint endpoint, string routes);

    [LoggerMessage(23, LogLevel.Warning, "{Endpoint} is at the maximum of {Maximum} connections: it accepts again when one ends")]
    internal static partial void AtMaximum(this ILogger logger, ProxyEndpoint endpoint, int maximum);

    [LoggerMessage(24, LogLevel.Warning, "{Endpoint} can't accept: {Error}; it tries again shortly, and when a connection ends")]
    internal static partial void AcceptFailed(this ILogger logger, ProxyEndpoint endpoint, string error);

    [LoggerMessage(25, LogLevel.Debug, "{Endpoint} accepts again")]
    internal static partial void AcceptsAgain(this ILogger logger, ProxyEndpoint endpoint);

    [LoggerMessage(40, LogLevel.Debug, "Connection {ConnectionId}: accepted from {Client}")]
    internal static partial void Accepted(this ILogger logger, long connectionId, string client);

    [LoggerMessage(41, LogLevel.Debug, "Connection {ConnectionId}: resolving {Name}")]
    internal static partial void Resolving(this ILogger logger, long connectionId, string name);

    [LoggerMessage(42, LogLevel.Debug, "Connection {ConnectionId}: connecting to {Upstream}")]
    internal static partial void Connecting(this ILogger logger, long connectionId, string upstream);

    [LoggerMessage(43, LogLevel.Debug, "Connection {ConnectionId}: {Upstream} did not answer: {Error}")]
    internal static partial void ConnectAttemptFailed(
        this ILogger logger, long connectionId, string upstream, string error);

    [LoggerMessage(44, LogLevel.Debug, "Connection {ConnectionId}: relaying to {Upstream}")]
    internal static partial void Relaying(this ILogger logger, long connectionId, string upstream);

    [LoggerMessage(45, LogLevel.Debug, "Connection {ConnectionId}: {Side} FIN, handed on")]
    internal static partial void ReadFin(this ILogger logger, long connectionId, string side);

    [LoggerMessage(46, LogLevel.Debug, "Connection {ConnectionId}: {Reason}, the other side is reset in turn")]
    internal static partial void SideFailed(this ILogger logger, long connectionId, EndReason reason);

    [LoggerMessage(47, LogLevel.Trace, "Connection {ConnectionId}: {Side} paused, {Pending} bytes pending")]
    internal static partial void Paused(this ILogger logger, long connectionId, string side, int pending);

    [LoggerMessage(48, LogLevel.Trace, "Connection {ConnectionId}: {Side} resumed")]
    internal static partial void Resumed(this ILogger logger, long connectionId, string side);

    [LoggerMessage(49, LogLevel.Debug, "Connection {ConnectionId}: ended, {Reason} while {Phase}; {ToUpstream} bytes to the upstream, {ToClient} bytes to the client")]
    internal static partial void Ended(
        this ILogger logger, long connectionId, EndReason reason, string phase, long toUpstream, long toClient);

    [LoggerMessage(50, LogLevel.Warning, "Connection {ConnectionId}: no connection to {Upstream}: {Error}")]
    internal static partial void ConnectFailed(this ILogger logger, long connectionId, string upstream, string error);

    [LoggerMessage(51, LogLevel.Error, "Connection {ConnectionId}: ended by an unexpected exception")]
    internal static partial void ConnectionFault(this ILogger logger, long connectionId, Exception exception);

    [LoggerMessage(52, LogLevel.Debug, "Connection {ConnectionId}: waits for an upstream of route {Route}")]
    internal static partial void Queued(this ILogger logger, long connectionId, string route);

    [LoggerMessage(53, LogLevel.Debug, "Connection {ConnectionId}: refused: {Cause}")]
    internal static partial void Refused(this ILogger logger, long connectionId, string cause);

    [LoggerMessage(54, LogLevel.Warning, "Connection {ConnectionId}: the access log or a listener to traces failed at its end")]
    internal static partial void TellingFailed(this ILogger logger, long connectionId, Exception exception);

    [LoggerMessage(55, LogLevel.Debug, "Connection {ConnectionId}: all upstreams have been tried; again in {Milliseconds} ms")]
    internal static partial void AllTried(this ILogger logger, long connectionId, double milliseconds);

    // The course's line has no id in its text; structured logs get it all the same, under the name it has elsewhere.
#pragma warning disable SYSLIB1015, IDE1006
    [LoggerMessage(56, LogLevel.Warning, "Connection {ConnectionId}: {Client} is refused ({Reason}): {Cause}")]
    internal static partial void ClientRefused(this ILogger logger, long connectionId, string client, EndReason reason, string cause);

    [LoggerMessage(28, LogLevel.Warning, "{Count} more clients were refused ({Reason})")]
    internal static partial void MoreClientsRefused(this ILogger logger, long count, EndReason reason);

    [LoggerMessage(60, LogLevel.Trace, "[CLIENT MESSAGE] {Message}")]
    internal static partial void ClientMessage(this ILogger logger, string message, long ConnectionId);
#pragma warning restore SYSLIB1015, IDE1006

    [LoggerMessage(16, LogLevel.Warning, "{Cause}")]
    internal static partial void UpstreamIsOwnListener(this ILogger logger, string cause);

    [LoggerMessage(70, LogLevel.Warning, "Route {Route}: {Upstream} is out for {Seconds} s: {Failures} connects failed in a row, the last: {Error}")]
    internal static partial void UpstreamOut(
        this ILogger logger, string route, string upstream, double seconds, int failures, string error);

    [LoggerMessage(71, LogLevel.Warning, "Route {Route}: {Upstream} is down: {Failures} checks failed in a row, the last: {Error}")]
    internal static partial void UpstreamDown(this ILogger logger, string route, string upstream, int failures, string error);

    [LoggerMessage(72, LogLevel.Information, "Route {Route}: {Upstream} is up again")]
    internal static partial void UpstreamUp(this ILogger logger, string route, string upstream);

    [LoggerMessage(73, LogLevel.Error, "Route {Route}: no upstream is healthy; clients are closed at once until one is")]
    internal static partial void NoUpstreamLeft(this ILogger logger, string route);

    [LoggerMessage(EventId = 74, Message = "Route {Route}: look-up of {Name} failed: {Error}; {Consequence}")]
    internal static partial void LookupFailed(
        this ILogger logger, LogLevel level, string route, string name, string error, string consequence);

    [LoggerMessage(75, LogLevel.Debug, "Route {Route}: check of {Upstream} failed: {Error}")]
    internal static partial void HealthCheckFailed(this ILogger logger, string route, string upstream, string error);

    [LoggerMessage(76, LogLevel.Debug, "Route {Route}: check of {Upstream} succeeded")]
    internal static partial void HealthCheckSucceeded(this ILogger logger, string route, string upstream);

    [LoggerMessage(EventId = 77, Message = "Route {Route}: {Upstream} could not be checked, by a failure of this machine: {Error}; its state stays as it is")]
    internal static partial void HealthCheckNotMade(this ILogger logger, LogLevel level, string route, string upstream, string error);

    [LoggerMessage(78, LogLevel.Information, "Route {Route}: look-up of {Name} works again")]
    internal static partial void LookupWorksAgain(this ILogger logger, string route, string name);

    [LoggerMessage(13, LogLevel.Information, "Route {Route}: {Upstream} has {Servers}: {Changes}")]
    internal static partial void ServersFound(this ILogger logger, string route, string upstream, string servers, string changes);

    [LoggerMessage(14, LogLevel.Warning, "Route {Route}: {Upstream} has no server now")]
    internal static partial void NoServersFound(this ILogger logger, string route, string upstream);

    [LoggerMessage(15, LogLevel.Warning, "Route {Route}: {Upstream}: a server is left out: {Cause}")]
    internal static partial void ServerLeftOut(this ILogger logger, string route, string upstream, string cause);

    [LoggerMessage(88, LogLevel.Error, "Route {Route}: an upstream observer failed on {Upstream}; the proxy goes on")]
    internal static partial void UpstreamObserverFailed(this ILogger logger, string route, string upstream, Exception exception);

    [LoggerMessage(91, LogLevel.Warning, "{Connections} connections are missing from the access log: {Cause}")]
    internal static partial void AccessLogDropped(this ILogger logger, long connections, string cause);

    [LoggerMessage(92, LogLevel.Information, "{File} was read again: {Ranges} ranges of addresses")]
    internal static partial void AccessListRead(this ILogger logger, string file, int ranges);

    [LoggerMessage(93, LogLevel.Error, "{Error}; the entries that were read before stay in force")]
    internal static partial void AccessListNotRead(this ILogger logger, string error);

    [LoggerMessage(81, LogLevel.Warning, "Route {Route}: the retry budget is used up; until there is room again, clients whose connect fails are refused at once")]
    internal static partial void RetryBudgetUsedUp(this ILogger logger, string route);

    [LoggerMessage(79, LogLevel.Information, "Route {Route}: {Upstream} was set by hand: {State}, weight {Weight}, maximum {Maximum}")]
    internal static partial void SetByHand(this ILogger logger, string route, string upstream, UpstreamAdministration state, int weight, string maximum);

    [LoggerMessage(80, LogLevel.Warning, "Route {Route}: {Upstream} has {ByHand} by hand, and the configuration says {Configured}")]
    internal static partial void HandSettingStays(this ILogger logger, string route, string upstream, string byHand, string configured);
}
