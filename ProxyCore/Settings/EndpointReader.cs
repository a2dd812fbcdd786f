using System.Net.Sockets;

namespace ProxyCore.Settings;

/// <summary>Reads the endpoints of options. Null stands for one that is wrong.</summary>
/// <param name="errors">Where mistakes are added.</param>
/// <param name="hasUnixSockets">Whether the system has Unix sockets: all have but older Windows.</param>
internal sealed class EndpointReader(ValidationErrors errors, bool hasUnixSockets)
{
    /// <summary>For the endpoints of this system.</summary>
    internal EndpointReader(ValidationErrors errors)
        : this(errors, Socket.OSSupportsUnixDomainSockets)
    {
    }

    internal ProxyEndpoint? ReadListen(string? text, string path)
    {
        ProxyEndpoint? endpoint = Read(text, path);
        bool canListen = errors.Require(
            endpoint?.Kind != ProxyEndpointKind.Name,
            path,
            $"'{endpoint}' is a name: listen on an address, localhost:PORT, *:PORT or unix:/path");
        return canListen ? endpoint : null;
    }

    internal ProxyEndpoint? ReadUpstream(string? text, string path)
    {
        ProxyEndpoint? endpoint = Read(text, path);
        errors.Require(
            endpoint?.Kind != ProxyEndpointKind.Any,
            path,
            $"'{endpoint}' is every address: an upstream needs one to connect to");
        errors.Require(
            endpoint is not { Port: 0, Kind: not ProxyEndpointKind.UnixSocket },
            path,
            $"'{endpoint}' has port 0: an upstream needs a port from 1 to 65535");
        return endpoint;
    }

    private ProxyEndpoint? Read(string? text, string path)
    {
        if (!ProxyEndpoint.TryParse(text, out ProxyEndpoint? endpoint, out string? error))
        {
            errors.Require(false, path, error);
            return null;
        }

        errors.Require(
            endpoint.Kind != ProxyEndpointKind.UnixSocket || hasUnixSockets,
            path,
            $"'{endpoint}' is a Unix socket, which this system does not have: Windows has them since Windows 10 1803");

        // Each interface has addresses of this kind: without it, bind and connect fail with EINVAL.
        errors.Require(
            endpoint.Address is not { IsIPv6LinkLocal: true, ScopeId: 0 },
            path,
            $"'{endpoint}' is a link-local address: it needs the interface, as in [fe80::1%eth0]:8080");
        return endpoint;
    }
}
