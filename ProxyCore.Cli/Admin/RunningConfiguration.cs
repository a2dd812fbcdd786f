using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ProxyCore.Hosting;

namespace ProxyCore.Cli.Admin;

/// <summary>The options of a running proxy in the form of a configuration file, without secrets.</summary>
internal static class RunningConfiguration
{
    // The default encoder also escapes what would be markup in a page that shows the answer as it is.
    private static readonly JsonWriterOptions _options = new() { Indented = true, Encoder = JavaScriptEncoder.Default };

    internal static ReadOnlyMemory<byte> Write(TcpProxy proxy)
    {
        var text = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(text, _options);
        json.WriteStartObject();
        json.WritePropertyName(ConfigurationFile.Section);
        ConfigurationWriter.Write(json, proxy.GetOptions());
        json.WriteEndObject();
        json.Flush();
        return text.WrittenMemory;
    }
}
