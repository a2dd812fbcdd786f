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
            foreach (ConnectionField field in ConnectionFields.All)
            {
                field.ValueOf(fields.Report).WriteTo(json, field.Json);
            }

            json.WriteEndObject();
        }

        writer.Write("\n"u8);
    }
}
