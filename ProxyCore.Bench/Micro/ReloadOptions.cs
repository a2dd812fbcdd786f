using System.Globalization;

namespace ProxyCore.Bench.Micro;

/// <summary>Configurations of many routes, or of many upstreams.</summary>
internal static class ReloadOptions
{
    // Two ranges of ports, below those that the system gives to clients. Nobody else has this address of the loopback.
    private const string Listen = "127.77.0.1";
    private const int FirstPort = 10_000;
    private const int SecondPort = 20_000;

    /// <summary>The port of the first route, in turns another one.</summary>
    internal static int PortOf(int round) => round % 2 == 0 ? SecondPort : FirstPort;

    /// <summary>Routes with an upstream each.</summary>
    /// <param name="count">How many.</param>
    /// <param name="round">What distinguishes the routes that are changed from those of other rounds.</param>
    /// <param name="changed">How many are changed.</param>
    /// <param name="firstPort">Where the first one listens.</param>
    internal static TcpProxyOptions Routes(int count, int round = 0, int changed = 0, int firstPort = FirstPort)
    {
        var options = new TcpProxyOptions();
        for (int number = 0; number < count; number++)
        {
            options.Routes.Add(new RouteOptions
            {
                Name = Text($"route-{number}"),
                Listen = { Text($"{Listen}:{firstPort + number}") },
                Upstreams = { Upstream(number < changed ? round + 1 : 0, number) },
            });
        }

        return options;
    }

    /// <summary>One route with many upstreams.</summary>
    /// <param name="count">How many.</param>
    /// <param name="round">What distinguishes the upstreams that are changed from those of other rounds.</param>
    /// <param name="changed">How many are changed.</param>
    internal static TcpProxyOptions Upstreams(int count, int round = 0, int changed = 0)
    {
        var route = new RouteOptions { Name = "route", Listen = { Text($"{Listen}:{FirstPort}") } };
        for (int number = 0; number < count; number++)
        {
            route.Upstreams.Add(Upstream(number < changed ? round + 1 : 0, number));
        }

        return new TcpProxyOptions { Routes = { route } };
    }

    // Never connected to.
    private static UpstreamOptions Upstream(int network, int number) => new() { Address = Text($"10.{network}.{number / 250}.{number % 250}:80") };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
