using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ProxyCore.Cli.Signals;
using ProxyCore.Cli.Systemd;
using ProxyCore.Cli.WindowsServices;

namespace ProxyCore.Cli;

/// <summary>Runs the proxy and the services beside it, from the start until a signal has stopped them.</summary>
/// <remarks>
/// What a host of <c>Microsoft.Extensions.Hosting</c> does with its services, of which there are two or three: that
/// package would add 1.7 MB to the memory of every relay.
/// </remarks>
internal static class ProxyHost
{
    /// <param name="services">The proxy and the services beside it; started in this order, stopped in reverse.</param>
    /// <param name="signals">The signals that stop it.</param>
    /// <param name="whenListening">Called when it listens.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="ListenException">It can't listen where it should.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options have errors.</exception>
    internal static Task<int> RunAsync(
        IServiceCollection services, StopSignals signals, Action<TcpProxy>? whenListening = null) => WindowsService.IsOne
            ? WindowsService.RunAsync(signals, whenAccepting => RunProxyAsync(services, signals, whenListening + whenAccepting))
            : RunProxyAsync(services, signals, whenListening);

    private static async Task<int> RunProxyAsync(
        IServiceCollection services, StopSignals signals, Action<TcpProxy>? whenListening)
    {
        SystemdService.AddTo(services);
        await using ServiceProvider provider = services.BuildServiceProvider();
        IHostedService[] hosted = [.. provider.GetServices<IHostedService>()];
        foreach (IHostedService service in hosted)
        {
            await service.StartAsync(CancellationToken.None);
        }

        TcpProxy proxy = provider.GetRequiredService<TcpProxy>();
        whenListening?.Invoke(proxy);
        StartMemory.GiveBack();

        await Task.WhenAny(signals.First, proxy.Completion);
        ILogger logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ProxyHost).Namespace!);
        HangupSignal.Handle(logger.HangupIgnored);
        Task stopped = StopAsync(hosted, signals.Second);
        if (proxy.GetStatistics().Active > 0)
        {
            logger.HowToEndAtOnce();
        }

        await stopped;
        return signals.ExitCode;
    }

    private static async Task StopAsync(IHostedService[] hosted, CancellationToken atOnce)
    {
        foreach (IHostedService service in hosted.Reverse())
        {
            await service.StopAsync(atOnce);
        }
    }
}
