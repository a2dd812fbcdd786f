using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;
using System.Security;

namespace ProxyCore.Cli.WindowsServices;

/// <summary>Writes log lines of a service to the event log: a service has no output that anybody sees. One thread.</summary>
[SupportedOSPlatform("windows")]
internal sealed class EventLogOutput
{
    private const string LogName = "Application";

    // The most that an entry takes: ReportEventW.
    private const int MostCharacters = 31_839;

    // An account without the right to register a source writes under one that is always there.
    private string _source = Product.Name;

    /// <summary>Writes a line; false when the event log does not take it.</summary>
    internal bool TryWrite(string line)
    {
        string text = line.TrimEnd();
        text = text.Length <= MostCharacters ? text : text[..MostCharacters];
        try
        {
            return TryWrite(text, TypeOf(text));
        }
        catch (Exception exception) when (exception is SecurityException or UnauthorizedAccessException)
        {
            if (_source == LogName)
            {
                return false;
            }

            _source = LogName;
            return TryWrite(line);
        }
    }

    /// <summary>The type of the entry, by the level at the beginning of the line.</summary>
    internal static EventLogEntryType TypeOf(string line) => line switch
    {
        _ when line.StartsWith("[ERROR]", StringComparison.Ordinal) || line.StartsWith("[CRITICAL]", StringComparison.Ordinal)
            || line.StartsWith("proxycore: ", StringComparison.Ordinal) => EventLogEntryType.Error,
        _ when line.StartsWith("[WARN]", StringComparison.Ordinal) => EventLogEntryType.Warning,
        _ => EventLogEntryType.Information,
    };

    private bool TryWrite(string text, EventLogEntryType type)
    {
        try
        {
            EventLog.WriteEntry(_source, text, type);
            return true;
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }
}
