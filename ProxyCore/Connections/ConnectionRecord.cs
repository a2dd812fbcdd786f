using System.Net;

namespace ProxyCore.Connections;

/// <summary>What is noted of a connection for those who observe it; there is none when nobody does.</summary>
/// <remarks>Belongs to the loop's thread.</remarks>
internal sealed class ConnectionRecord(Extensions observers, TimeSpan acceptedAt, EndPoint? client)
{
    private TimeSpan? _connectTime;
    private TimeSpan? _firstByteTime;
    private string? _upstream;
    private int _attempts;

    /// <summary>Who observed it from the beginning: a reload changes that for new connections only.</summary>
    internal Extensions Observers => observers;

    /// <summary>An upstream is tried.</summary>
    internal void NoteAttempt(string upstream)
    {
        _attempts++;
        _upstream = upstream;
    }

    internal void NoteRelaying(TimeSpan now) => _connectTime = now - acceptedAt;

    internal void NoteBytesToClient(TimeSpan now) => _firstByteTime ??= now - acceptedAt;

    internal ConnectionReport Report(
        long id, string route, TimeSpan now, long bytesToUpstream, long bytesToClient, EndReason? reason) => new()
        {
            Id = id,
            Route = route,
            Client = client,
            Upstream = _upstream,
            Attempts = _attempts,
            ConnectTime = _connectTime,
            FirstByteTime = _firstByteTime,
            Duration = now - acceptedAt,
            BytesToUpstream = bytesToUpstream,
            BytesToClient = bytesToClient,
            Reason = reason,
        };
}
