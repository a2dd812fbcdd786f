using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using ProxyCore.Diagnostics;

namespace ProxyCore;

/// <summary>
/// Writes an address as a text: <c>192.0.2.1:80</c>, <c>[2001:db8::1]:80</c>, <c>unix:/path</c>, or <c>unix</c> for a
/// Unix socket without a path. Reports and snapshots use it; their users need not.
/// </summary>
public sealed class EndPointJsonConverter : JsonConverter<EndPoint>
{
    private const string UnixPrefix = "unix:";

    /// <inheritdoc/>
    public override EndPoint? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string text = reader.GetString() ?? "";
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            return new UnixDomainSocketEndPoint(text[UnixPrefix.Length..]);
        }

        // An address without a path can't be made.
        return text is "unix" ? null : IPEndPoint.TryParse(text, out IPEndPoint? address) ? address : throw new JsonException("It is no address.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, EndPoint value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(EndPointText.Of(value));
    }
}
