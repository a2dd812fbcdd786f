using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections.Sockets;

namespace ProxyCore.Cli;

/// <summary>Looks up the names of upstreams, for <c>proxycore check --resolve</c>.</summary>
internal static class UpstreamNames
{
    // Enough for names that time out not to add up, and few for a name server.
    private const int AtATime = 16;

    /// <summary>A line for each upstream whose name does not resolve, in the order of the options.</summary>
    internal static async Task<IReadOnlyList<string>> FindUnresolvedAsync(TcpProxyOptions options, CancellationToken cancellationToken)
    {
        (string Key, ProxyEndpoint Endpoint, TimeSpan Timeout)[] upstreams =
        [
            .. from route in options.Routes.Select(static (route, index) => (route, index))
               from upstream in route.route.Upstreams.Select(static (upstream, index) => (upstream.Address, index))
               let endpoint = ProxyEndpoint.Parse(upstream.Address)
               where endpoint.Kind == ProxyEndpointKind.Name
               select ($"Routes:{route.index}:Upstreams:{upstream.index}:Address", endpoint, route.route.ConnectTimeout),
        ];
        var lines = new string?[upstreams.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, upstreams.Length, parallel, async (index, token) =>
        {
            (string key, ProxyEndpoint endpoint, TimeSpan timeout) = upstreams[index];
            lines[index] = await FindErrorAsync(endpoint.Name!, timeout, token) is { } error
                ? $"{key}: '{endpoint}' does not resolve: {error}"
                : null;
        });
        return [.. lines.OfType<string>()];
    }

    private static async Task<string?> FindErrorAsync(string name, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            // Task.Run, because a look-up may block before it returns its task.
            IPAddress[] addresses = await Task
                .Run(() => Dns.GetHostAddressesAsync(name, cancellationToken), cancellationToken)
                .WaitAsync(timeout, cancellationToken);
            return addresses.Length > 0 ? null : ConnectionErrors.Describe(SocketError.HostNotFound);
        }
        catch (SocketException exception)
        {
            return ConnectionErrors.Describe(exception.SocketErrorCode);
        }
        catch (TimeoutException)
        {
            return "the look-up timed out";
        }
    }
}
