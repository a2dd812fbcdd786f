using System.Net;
using ProxyCore.Cli.Discovery;
using ProxyCore.Settings;

namespace ProxyCore.Cli;

/// <summary>Parses endpoints of the command line, with the rules of each option.</summary>
internal static class Endpoints
{
    /// <exception cref="FormatException">It is no address to listen on; the message says why.</exception>
    internal static ProxyEndpoint ParseListen(string text)
    {
        ProxyEndpoint endpoint = ProxyEndpoint.Parse(text);
        return endpoint.Kind != ProxyEndpointKind.Name
            ? endpoint
            : throw new FormatException($"'{text}' is a name: listen on PORT, localhost:PORT, *:PORT, an address or unix:/path");
    }

    /// <exception cref="FormatException">It is no address to connect to; the message says why.</exception>
    internal static ProxyEndpoint ParseUpstream(string text)
    {
        if (text.StartsWith($"{SrvSource.Scheme}:", StringComparison.OrdinalIgnoreCase) && !ProxyEndpoint.TryParse(text, out _))
        {
            return ParseSrv(text);
        }

        ProxyEndpoint endpoint = ProxyEndpoint.Parse(text);
        return endpoint switch
        {
            { Kind: ProxyEndpointKind.Any } =>
                throw new FormatException($"'{text}' is every address: an upstream needs one to connect to"),
            { Port: 0, Kind: not ProxyEndpointKind.UnixSocket } =>
                throw new FormatException($"'{text}' has port 0: an upstream needs a port from 1 to 65535"),
            _ => endpoint,
        };
    }

    private static ProxyEndpoint ParseSrv(string text)
    {
        string name = text[(SrvSource.Scheme.Length + 1)..];
        return ServerName.TryReadHost(name, out _, out string? cause)
            ? ProxyEndpoint.OfSource(SrvSource.Scheme, name)
            : throw new FormatException($"'{text}' can't be looked up: {cause}");
    }

    /// <summary>Parses the address of an admin page, in the form of <c>--admin</c> or of a browser.</summary>
    /// <exception cref="FormatException">It is no address to connect to; the message says why.</exception>
    internal static ProxyEndpoint ParseAdmin(string text)
    {
        ProxyEndpoint endpoint = ProxyEndpoint.Parse(WithoutScheme(text));
        return endpoint.IsPortOpen
            ? throw new FormatException($"'{text}' has port 0: the log of the proxy says which one it got")
            : endpoint;
    }

    /// <summary><c>http://localhost:9090/</c> as <c>localhost:9090</c>; anything else as it is.</summary>
    private static string WithoutScheme(string text)
    {
        if (text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            throw new FormatException($"'{text}': the admin page speaks http, not https");
        }

        if (!text.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            return text;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
            ? url.IsDefaultPort ? $"{url.Host}:{url.Port}" : url.Authority
            : throw new FormatException($"'{text}' is no address of an admin page: write http://HOST:PORT/");
    }

    /// <summary>What to open in a browser when HTTP is served at <paramref name="listen"/>, which got <paramref name="port"/>.</summary>
    internal static string Url(ProxyEndpoint listen, int port, string scheme = "http") => listen.Kind switch
    {
        ProxyEndpointKind.Loopback or ProxyEndpointKind.Any => $"{scheme}://localhost:{port}/",
        ProxyEndpointKind.Address => $"{scheme}://{new IPEndPoint(listen.Address!, port)}/",
        _ => listen.ToString(),
    };

    /// <summary>Whether only this machine can reach it.</summary>
    internal static bool IsLocal(ProxyEndpoint endpoint) =>
        endpoint.Kind is ProxyEndpointKind.Loopback or ProxyEndpointKind.UnixSocket
        || (endpoint.Address is { } address && IPAddress.IsLoopback(address));

    /// <summary>Parses where the demo's file server listens: an address that only this machine can reach.</summary>
    /// <exception cref="FormatException">Other machines can reach it.</exception>
    internal static ProxyEndpoint ParseLoopback(string text)
    {
        ProxyEndpoint endpoint = ProxyEndpoint.Parse(text);
        return IsLocal(endpoint)
            ? endpoint
            : throw new FormatException(
                $"'{text}' is not this machine's own: the file server listens on PORT, localhost:PORT, a loopback address or unix:/path");
    }
}
