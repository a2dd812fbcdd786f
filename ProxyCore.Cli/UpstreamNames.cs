using System.Net;
using System.Net.Sockets;
using ProxyCore.Cli.Discovery;
using ProxyCore.Connections.Sockets;
using ProxyCore.Settings;

namespace ProxyCore.Cli;

/// <summary>Looks up the names of upstreams, for <c>proxycore check --resolve</c>.</summary>
internal static class UpstreamNames
{
    // Enough for names that time out not to add up, and few for a name server.
    private const int AtATime = 16;

    /// <summary>A line for each upstream whose name does not resolve, in the order of the configuration.</summary>
    internal static async Task<IReadOnlyList<string>> FindUnresolvedAsync(ProxySettings settings, CancellationToken cancellationToken)
    {
        (string Key, UpstreamSettings Upstream, TimeSpan Timeout)[] upstreams =
        [
            .. from route in settings.Routes.Select(static (route, index) => (route, index))
               from upstream in route.route.Pool.Upstreams.Select(static (upstream, index) => (upstream, index))
               where upstream.upstream.Endpoint.Kind is ProxyEndpointKind.Name or ProxyEndpointKind.Source
               select ($"Routes:{route.index}:Upstreams:{upstream.index}:Address", upstream.upstream, route.route.ConnectTimeout),
        ];
        var lines = new string?[upstreams.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, upstreams.Length, parallel, async (index, token) =>
        {
            (string key, UpstreamSettings upstream, TimeSpan timeout) = upstreams[index];
            string name = upstream.Endpoint.Name!;
            string? error = upstream.Source is { } source
                ? await FindErrorAsync(source, name, timeout, token)
                : await FindErrorAsync(name, timeout, token);
            lines[index] = error is null ? null : $"{key}: '{upstream.Endpoint}' does not resolve: {error}";
        });
        return [.. lines.OfType<string>()];
    }

    private static async Task<string?> FindErrorAsync(
        IUpstreamSource source, string name, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ends.CancelAfter(timeout);
        try
        {
            await foreach (IReadOnlyList<UpstreamTarget> targets in source.WatchAsync(name, ends.Token))
            {
                return targets.Count == 0 ? "the service is withdrawn"
                    : targets.All(static one => one.Addresses is { Count: 0 }) ? "its servers have no addresses"
                    : null;
            }

            return "nothing was found";
        }
        catch (DnsException exception)
        {
            return exception.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "the look-up timed out";
        }
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
