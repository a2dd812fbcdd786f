using System.Net;
using ProxyCore.Diagnostics;

namespace ProxyCore.Settings;

/// <summary>Checks what the options say of TLS towards an upstream, and turns it into settings.</summary>
internal sealed class UpstreamTlsReader(ValidationErrors errors)
{
    private readonly TlsReader _files = new(errors);

    /// <param name="options">The options; null when the upstream gets plain bytes.</param>
    /// <param name="endpoint">Where the upstream is; null when that is wrong.</param>
    /// <param name="path">Where the options are configured.</param>
    internal UpstreamTlsSettings? Read(UpstreamTlsOptions? options, ProxyEndpoint? endpoint, string path)
    {
        if (options is null)
        {
            return null;
        }

        errors.RequireNamed(options.MinimumVersion, $"{path}:{nameof(options.MinimumVersion)}");
        errors.RequireNamed(options.StartTls, $"{path}:{nameof(options.StartTls)}");
        errors.RequireNamed(options.OnTruncation, $"{path}:{nameof(options.OnTruncation)}");
        string? name = ReadName(options, endpoint, path);
        bool followsClient = ReadFollowsClient(options.Alpn, $"{path}:{nameof(options.Alpn)}");
        return new UpstreamTlsSettings(
            name,
            name is null ? AddressOf(endpoint) : null,
            options.Verify,
            _files.ReadOptionalFile(options.Ca, $"{path}:{nameof(options.Ca)}"),
            options.Certificate is null ? null : _files.ReadCertificate(options.Certificate, $"{path}:{nameof(options.Certificate)}"),
            followsClient ? [] : AlpnReader.Read(options.Alpn, $"{path}:{nameof(options.Alpn)}", errors),
            followsClient,
            options.MinimumVersion,
            options.StartTls,
            options.OnTruncation);
    }

    /// <summary>The same settings for a server that a source has found: its own name or address, where none is configured.</summary>
    /// <returns>Null when its name can't be that of a certificate.</returns>
    internal static UpstreamTlsSettings? ForServer(UpstreamTlsSettings configured, ProxyEndpoint server)
    {
        if (configured.ServerName is not null)
        {
            return configured;
        }

        string? name = server.Kind == ProxyEndpointKind.Loopback ? "localhost" : null;
        if (server.Kind == ProxyEndpointKind.Name && !ServerName.TryReadHost(server.Name, out name, out _))
        {
            return null;
        }

        return configured with { ServerName = name, Address = name is null ? AddressOf(server) : null, Template = configured };
    }

    private static IPAddress? AddressOf(ProxyEndpoint? endpoint) => endpoint?.Address switch
    {
        { IsIPv4MappedToIPv6: true } address => address.MapToIPv4(),

        // A certificate knows no interface: fe80::1, and not fe80::1%eth0.
        { IsIPv6LinkLocal: true } address => new IPAddress(address.GetAddressBytes()),
        var address => address,
    };

    private string? ReadName(UpstreamTlsOptions options, ProxyEndpoint? endpoint, string path)
    {
        string namePath = $"{path}:{nameof(options.ServerName)}";
        if (options.ServerName is not null)
        {
            return Normalize(options.ServerName, namePath);
        }

        errors.Require(
            !options.Verify || endpoint?.Kind != ProxyEndpointKind.UnixSocket,
            namePath,
            "must be given: a Unix socket has no name that its certificate could have");
        return endpoint switch
        {
            { Kind: ProxyEndpointKind.Loopback } => "localhost",
            { Kind: ProxyEndpointKind.Name, Name: { } host } => Normalize(host, namePath),
            _ => null,
        };
    }

    private string? Normalize(string text, string path)
    {
        bool isName = ServerName.TryReadHost(text, out string? name, out string? cause);
        errors.Require(isName, path, $"'{Printable.Shorten(text)}' is no server name: {cause}");
        return name;
    }

    private bool ReadFollowsClient(IList<string> protocols, string path)
    {
        bool isAmong = protocols.Contains(UpstreamTlsOptions.ClientAlpn, StringComparer.OrdinalIgnoreCase);
        errors.Require(
            !isAmong || protocols.Count == 1,
            path,
            $"must have {UpstreamTlsOptions.ClientAlpn} alone, which stands for the protocol of the client");
        return isAmong;
    }
}
