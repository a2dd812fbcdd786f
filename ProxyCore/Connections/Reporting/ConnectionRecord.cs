using System.Net;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Reporting;

/// <summary>What is noted of a connection for those who want to know; there is none when nobody does.</summary>
/// <remarks>Belongs to the loop's thread.</remarks>
internal sealed class ConnectionRecord(Extensions observers, EndPoint? client)
{
    /// <summary>Who observed it from the beginning: a reload changes that for new connections only.</summary>
    internal Extensions Observers => observers;

    internal EndPoint? Client => client;

    internal string? Upstream { get; private set; }

    internal int Attempts { get; private set; }

    internal TimeSpan? ConnectTime { get; private set; }

    internal TimeSpan? FirstByteTime { get; private set; }

    /// <summary>An upstream is tried.</summary>
    internal void NoteAttempt(string upstream)
    {
        Attempts++;
        Upstream = upstream;
    }

    internal void NoteRelaying(TimeSpan age) => ConnectTime = age;

    internal void NoteBytesToClient(TimeSpan age) => FirstByteTime ??= age;
}
