using Microsoft.Extensions.Logging;
using ProxyCore.Cli.Systemd;

namespace ProxyCore.Cli;

/// <summary>The life of the proxy in this process: from its start until a signal has stopped it.</summary>
internal static class ProxyHost
{
    /// <param name="options">What the proxy does.</param>
    /// <param name="loggerFactory">Where it logs.</param>
    /// <param name="signals">What stops it.</param>
    /// <param name="whenListening">Called when it listens.</param>
    /// <returns>What the process is to end with.</returns>
    /// <exception cref="ListenException">It can't listen where it should.</exception>
    internal static async Task<int> RunAsync(
        TcpProxyOptions options, ILoggerFactory loggerFactory, StopSignals signals, Action<TcpProxy>? whenListening = null)
    {
        SocketActivation.AddTo(options);
        await using var proxy = new TcpProxy(options, loggerFactory);
        await proxy.StartAsync();
        await using var systemd = new SystemdService(new ServiceNotifications(), () => proxy);
        await systemd.StartAsync(CancellationToken.None);
        whenListening?.Invoke(proxy);

        await Task.WhenAny(signals.First, proxy.Completion);
        await systemd.StopAsync(CancellationToken.None);
        Task stopped = proxy.StopAsync(signals.Second);
        if (proxy.GetStatistics().Active > 0)
        {
            loggerFactory.CreateLogger(typeof(ProxyHost).Namespace!).HowToEndAtOnce();
        }

        await stopped;
        return signals.ExitCode;
    }
}
