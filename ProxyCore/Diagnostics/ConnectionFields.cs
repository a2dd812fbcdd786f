using System.Net;

namespace ProxyCore.Diagnostics;

/// <summary>
/// All fields that are reported of a connection at its end. The access log in its three forms and traces go through this list: a
/// new field is a row here.
/// </summary>
internal static class ConnectionFields
{
    /// <summary>In the order of a line. New ones belong to the end, because scripts count columns.</summary>
    internal static IReadOnlyList<ConnectionField> All { get; } =
    [
        new("", "id", "ConnectionId", "proxycore.connection.id", static one => FieldValue.Of(one.Id)),
        new(" ", "route", "Route", TagNames.Route, static one => FieldValue.Untrusted(one.Route)),
        new(" ", "client", "Client", null, static one => FieldValue.Untrusted(TextOf(one.Client))),
        new(" ", "upstream", "Upstream", null, static one => FieldValue.Untrusted(one.Upstream)),
        new(" ", "reason", "Reason", TagNames.EndReason, static one => FieldValue.Of(ReasonOf(one))),
        new(" ", "endedBy", "EndedBy", "proxycore.ended_by", static one => FieldValue.Of(EndedByOf(one))),
        new("/", "phase", "Phase", "proxycore.phase", static one => FieldValue.Of(ConnectionNames.Of(one.Phase))),
        new(" attempts=", "attempts", "Attempts", "proxycore.attempts", static one => FieldValue.Of(AttemptsOf(one))),
        new(" up=", "bytesToUpstream", "BytesToUpstream", "proxycore.bytes_to_upstream", static one => FieldValue.Of(one.BytesToUpstream)),
        new(" down=", "bytesToClient", "BytesToClient", "proxycore.bytes_to_client", static one => FieldValue.Of(one.BytesToClient)),
        new(" connect=", "connectMs", "ConnectMilliseconds", null, static one => FieldValue.Of(one.ConnectTime)),
        new(" first=", "firstByteMs", "FirstByteMilliseconds", null, static one => FieldValue.Of(one.FirstByteTime)),
        new(" duration=", "durationMs", "DurationMilliseconds", null, static one => FieldValue.Of(one.Duration)),
        new(" sender=", "sender", "Sender", "proxycore.sender", static one => FieldValue.Untrusted(TextOf(one.Sender))),
        new(" destination=", "destination", "Destination", "proxycore.destination", static one => FieldValue.Untrusted(TextOf(one.Destination))),
        new(" name=", "serverName", "ServerName", "tls.client.server_name", static one => FieldValue.Untrusted(one.ServerName)),
        new(" alpn=", "alpn", "Alpn", "proxycore.alpn", static one => FieldValue.Untrusted(one.Alpn)),
        new(" tls=", "tlsVersion", "TlsVersion", "tls.protocol.version", static one => FieldValue.Of(one.ClientTls?.Version)),
        new(" cipher=", "tlsCipher", "TlsCipher", "tls.cipher", static one => FieldValue.Of(one.ClientTls?.Cipher)),
        new(" subject=", "tlsSubject", "TlsSubject", "tls.client.subject", static one => FieldValue.Untrusted(one.ClientTls?.PeerSubject)),
        new(" upstreamTls=", "upstreamTlsVersion", "UpstreamTlsVersion", "proxycore.upstream.tls.version", static one => FieldValue.Of(one.UpstreamTls?.Version)),
        new(" toxic=", "toxic", "Toxic", "proxycore.toxic", static one => FieldValue.Untrusted(one.Toxic)),
    ];

    private static string? TextOf(EndPoint? address) => address is null ? null : EndPointText.Of(address);

    private static string? ReasonOf(ConnectionReport report) => report.Reason is { } reason ? EndReasons.NameOf(reason) : null;

    private static string? EndedByOf(ConnectionReport report) => report.Reason is null ? null : ConnectionNames.Of(report.EndedBy);

    /// <summary>A connection that began before the access log was turned on has tried upstreams without counting them.</summary>
    private static long? AttemptsOf(ConnectionReport report) =>
        report.Attempts == 0 && (report.Upstream is not null || report.Phase == ConnectionPhase.Connecting) ? null : report.Attempts;
}
