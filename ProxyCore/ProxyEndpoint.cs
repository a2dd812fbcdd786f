using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;
using ProxyCore.Diagnostics;
using ProxyCore.Platform;

namespace ProxyCore;

/// <summary>Where to listen or to connect, as written in options and on the command line. Immutable.</summary>
/// <remarks>
/// Two are equal when they mean the same, however they are written: <c>8080</c> is <c>localhost:8080</c>.
/// <c>PORT</c>, <c>localhost:PORT</c>, <c>*:PORT</c>, <c>IPv4:PORT</c>, <c>[IPv6]:PORT</c>, <c>name:PORT</c> or
/// <c>unix:/path</c>; see <see cref="ProxyEndpointKind"/>.
/// </remarks>
public sealed class ProxyEndpoint : IEquatable<ProxyEndpoint>
{
    private const string UnixPrefix = "unix:";

    private const char AbstractPrefix = '@';
    private const int LongestName = 253;
    private const int LongestLabel = 63;

    // sockaddr_un.sun_path has 108 bytes on Linux and Windows and 104 on macOS and BSD, one of them for the closing zero.
    private static readonly int _longestUnixPath = TargetSystem.IsLinux || TargetSystem.IsWindows ? 107 : 103;

    private readonly string _text;

    private ProxyEndpoint(string text, ProxyEndpointKind kind)
    {
        _text = text;
        Kind = kind;
    }

    /// <summary>Which of the forms it has.</summary>
    public ProxyEndpointKind Kind { get; }

    /// <summary>The port, 0 to 65535; 0 lets the system choose one to listen on. 0 for a Unix socket.</summary>
    public int Port { get; private init; }

    /// <summary>The address of a <see cref="ProxyEndpointKind.Address"/>; null otherwise.</summary>
    public IPAddress? Address { get; private init; }

    /// <summary>
    /// The name of a <see cref="ProxyEndpointKind.Name"/>, or what stands behind the scheme of a
    /// <see cref="ProxyEndpointKind.Source"/>; null otherwise.
    /// </summary>
    public string? Name { get; private init; }

    /// <summary>The path of a <see cref="ProxyEndpointKind.UnixSocket"/>; null otherwise.</summary>
    public string? Path { get; private init; }

    /// <summary>Reads an endpoint.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is none; the message says what is wrong with it.</exception>
    public static ProxyEndpoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out ProxyEndpoint? endpoint, out string? error) ? endpoint : throw new FormatException(error);
    }

    /// <summary>Reads an endpoint; false when <paramref name="text"/> is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ProxyEndpoint? endpoint) =>
        TryParse(text, out endpoint, out _);

    /// <summary>Whether <paramref name="other"/> means the same.</summary>
    public bool Equals(ProxyEndpoint? other) => other is not null && (_text == other._text || Identity == other.Identity);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ProxyEndpoint);

    /// <inheritdoc/>
    public override int GetHashCode() => Identity.GetHashCode(StringComparison.Ordinal);

    /// <summary>The endpoint as it was written.</summary>
    public override string ToString() => _text;

    /// <summary>The servers that a source finds.</summary>
    /// <param name="scheme">The scheme of the source.</param>
    /// <param name="name">What it is asked for.</param>
    internal static ProxyEndpoint OfSource(string scheme, string name) =>
        new($"{scheme}:{name}", ProxyEndpointKind.Source) { Name = name };

    /// <summary>Whether the system chooses the port to listen on.</summary>
    internal bool IsPortOpen => Port == 0 && Kind is not (ProxyEndpointKind.UnixSocket or ProxyEndpointKind.Source);

    /// <summary>The same text for all ways to write the same endpoint.</summary>
    internal string Identity => IdentityAt(Port);

    /// <summary>The identity of the same endpoint with another port.</summary>
    internal string IdentityAt(int port) => Kind switch
    {
        ProxyEndpointKind.Loopback => $"localhost:{port}",
        ProxyEndpointKind.Any => $"*:{port}",
        ProxyEndpointKind.Address => new IPEndPoint(Address!.IsIPv4MappedToIPv6 ? Address.MapToIPv4() : Address, port).ToString(),
        ProxyEndpointKind.Name => $"{Name!.ToLowerInvariant()}:{port}",
        ProxyEndpointKind.Source => _text,
        _ => $"unix:{System.IO.Path.GetFullPath(Path!)}",
    };

    internal static bool TryParse(
        [NotNullWhen(true)] string? text,
        [NotNullWhen(true)] out ProxyEndpoint? endpoint,
        [NotNullWhen(false)] out string? error)
    {
        endpoint = null;
        error = Read(text ?? "", ref endpoint);
        return error is null;
    }

    /// <summary>Returns what is wrong, or null and the endpoint.</summary>
    private static string? Read(string text, ref ProxyEndpoint? endpoint)
    {
        if (text.StartsWith(UnixPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return ReadUnix(text, ref endpoint);
        }

        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "localhost" : text[..colon];
        string port = text[(colon + 1)..];
        if (!ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number))
        {
            return colon < 0
                ? $"'{Printable.Shorten(text)}' is no endpoint: expected PORT, HOST:PORT or unix:/path"
                : $"'{Printable.Shorten(text)}' has no valid port: expected a number from 0 to 65535 after the last colon";
        }

        return ReadHost(text, host, number, ref endpoint);
    }

    private static string? ReadHost(string text, string host, int port, ref ProxyEndpoint? endpoint)
    {
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            endpoint = new ProxyEndpoint(text, ProxyEndpointKind.Loopback) { Port = port };
            return null;
        }

        if (host == "*")
        {
            endpoint = new ProxyEndpoint(text, ProxyEndpointKind.Any) { Port = port };
            return null;
        }

        if (ReadAddress(host) is { } address)
        {
            endpoint = new ProxyEndpoint(text, ProxyEndpointKind.Address) { Port = port, Address = address };
            return null;
        }

        if (host.Contains(':') || host.Contains('[') || host.Contains(']'))
        {
            return $"'{Printable.Shorten(text)}' has no valid IPv6 address: write it in brackets, as in [::1]:8080";
        }

        if (!IsName(host))
        {
            return $"'{Printable.Shorten(text)}' has neither an address nor a name before the port";
        }

        endpoint = new ProxyEndpoint(text, ProxyEndpointKind.Name) { Port = port, Name = host };
        return null;
    }

    private static string? ReadUnix(string text, ref ProxyEndpoint? endpoint)
    {
        string path = text[UnixPrefix.Length..];
        if (path.Length == 0 || path.Contains('\0'))
        {
            return $"'{Printable.Shorten(text)}' has no path: write unix:/path";
        }

        if (path[0] == AbstractPrefix)
        {
            return $"'{Printable.Shorten(text)}' is an abstract socket, which is not supported: write unix:/path, or unix:./@… for a file of this name";
        }

        if (Encoding.UTF8.GetByteCount(path) > _longestUnixPath)
        {
            return $"'{Printable.Shorten(text)}' is too long: the path of a Unix socket has at most {_longestUnixPath} bytes";
        }

        endpoint = new ProxyEndpoint(text, ProxyEndpointKind.UnixSocket) { Path = path };
        return null;
    }

    private static IPAddress? ReadAddress(string host)
    {
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            // IPAddress takes brackets of its own, and a port behind them.
            string inner = host[1..^1];
            bool isPlain = inner.Contains(':') && !inner.Contains('[') && !inner.Contains(']');
            return isPlain && IPAddress.TryParse(inner, out IPAddress? six) ? six : null;
        }

        // IPAddress also reads "1", "0x7f.1" and "010.0.0.1" as IPv4; only the usual form is one here.
        return !host.Contains(':') && IPAddress.TryParse(host, out IPAddress? four) && four.ToString() == host ? four : null;
    }

    private static bool IsName(string host) =>
        host.Length is > 0 and <= LongestName
        && host.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_')
        && IsLabels(host.EndsWith('.') ? host[..^1] : host);

    /// <summary>A name whose last part is a number would be an address that is not one: 1.2.3, 300.1.1.1.</summary>
    private static bool IsLabels(string host) =>
        host.Split('.') is var labels
        && labels.All(static label => label.Length is > 0 and <= LongestLabel && label[0] != '-' && label[^1] != '-')
        && !labels[^1].All(char.IsAsciiDigit);
}
