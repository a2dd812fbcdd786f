using System.Buffers;
using System.Text.Json;

namespace ProxyCore.Diagnostics;

/// <summary>An access log for programs: one JSON object a line; null is what is not known.</summary>
internal static class AccessLogJson
{
    internal static void WriteLine(IBufferWriter<byte> writer, AccessLogFields fields)
    {
        using (var json = new Utf8JsonWriter(writer))
        {
            json.WriteStartObject();
            json.WriteString("time", fields.Time);
            json.WriteNumber("id", fields.Id);
            json.WriteString("route", fields.Route);
            json.WriteString("client", fields.Client);
            json.WriteString("upstream", fields.Upstream);
            json.WriteString("reason", fields.Reason);
            json.WriteString("endedBy", fields.EndedBy);
            json.WriteString("phase", fields.Phase);
            WriteNumber(json, "attempts", fields.Attempts);
            json.WriteNumber("bytesToUpstream", fields.BytesToUpstream);
            json.WriteNumber("bytesToClient", fields.BytesToClient);
            WriteNumber(json, "connectMs", fields.ConnectMilliseconds);
            WriteNumber(json, "firstByteMs", fields.FirstByteMilliseconds);
            WriteNumber(json, "durationMs", fields.DurationMilliseconds);
            json.WriteEndObject();
        }

        writer.Write("\n"u8);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } one)
        {
            json.WriteNumber(name, one);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
