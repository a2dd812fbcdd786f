using ProxyCore.Settings;

namespace ProxyCore.Connections.Reporting;

/// <summary>What is noted of a connection for observers, access log and traces; without any of these it has no record.</summary>
/// <remarks>Belongs to the loop's thread.</remarks>
internal sealed class ConnectionRecord
{
    private ConnectionFacts _facts;

    /// <param name="observers">Those that observe it.</param>
    internal ConnectionRecord(Extensions observers) => Observers = observers;

    /// <summary>Those that observe it from its beginning: a reload changes them for new connections only.</summary>
    internal Extensions Observers { get; }

    /// <summary>What is known so far. A fact that is learned once is set here: <c>Record?.Facts.ServerName = name</c>.</summary>
    internal ref ConnectionFacts Facts => ref _facts;

    /// <summary>More is known of the client.</summary>
    internal void NoteClient(ClientIdentity client) => _facts.Client = client;

    /// <summary>An upstream is tried.</summary>
    internal void NoteAttempt(string upstream)
    {
        _facts.Attempts++;
        _facts.Upstream = upstream;
    }

    internal void NoteBytesToClient(TimeSpan age) => _facts.FirstByteTime ??= age;
}
