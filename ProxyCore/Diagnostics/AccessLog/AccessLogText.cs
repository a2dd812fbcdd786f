using System.Buffers;
using System.Text;

namespace ProxyCore.Diagnostics;

/// <summary>An access log for people: one line a connection, columns first; <c>-</c> is what is not known.</summary>
internal static class AccessLogText
{
    private const int UsualLength = 256;

    internal static void WriteLine(IBufferWriter<byte> writer, AccessLogFields fields) =>
        Encoding.UTF8.GetBytes($"{fields.Time} {Of(fields.Report)}\n", writer);

    /// <summary>The line without the time.</summary>
    internal static string Of(ConnectionReport report)
    {
        var line = new StringBuilder(UsualLength);
        foreach (ConnectionField field in ConnectionFields.All)
        {
            line.Append(field.Before).Append(field.ValueOf(report).ToColumn());
        }

        return line.ToString();
    }
}
