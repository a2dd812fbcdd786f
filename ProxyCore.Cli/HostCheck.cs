using System.Net;
using Microsoft.AspNetCore.Http;

namespace ProxyCore.Cli;

/// <summary>
/// Refuses requests that name another host where only this machine can be reached. A foreign page can have a name of its own
/// resolved to a loopback address, and is then of the same origin as what answers there. The Host header still has the
/// foreign name.
/// </summary>
/// <param name="listen">Where the server listens. On a Unix socket, and where other machines reach it, any host is taken.</param>
internal sealed class HostCheck(ProxyEndpoint listen)
{
    private readonly bool _isNeeded = listen.Kind != ProxyEndpointKind.UnixSocket && Endpoints.IsLocal(listen);

    internal bool Allows(HttpRequest request) => !_isNeeded || IsLocal(request.Host);

    private static bool IsLocal(HostString host) =>
        host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
