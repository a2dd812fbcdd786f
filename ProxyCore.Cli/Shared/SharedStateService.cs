using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ProxyCore.Cli.Shared;

/// <summary>
/// Has the proxy share what is set by hand, if the configuration file says where. It starts behind the proxy, which need not wait
/// for a store that is away; the proxy itself ends the sharing.
/// </summary>
/// <param name="file">The configuration file, read by then.</param>
/// <param name="proxy">The proxy, running by then.</param>
/// <param name="logger">Where it is told.</param>
internal sealed class SharedStateService(ConfigurationFile file, Func<TcpProxy> proxy, ILogger logger) : IHostedService, IAsyncDisposable
{
    private RedisState? _state;

    /// <summary>Adds it to the services, behind the proxy.</summary>
    internal static void AddTo(IServiceCollection services, ConfigurationFile file) => services.AddSingleton<IHostedService>(
        provider => new SharedStateService(
            file,
            provider.GetRequiredService<TcpProxy>,
            provider.GetRequiredService<ILoggerFactory>().CreateLogger<SharedStateService>()));

    /// <summary>Completes when the shared state is in force, or could not be had.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (file.Shared is { } settings)
        {
            _state = new RedisState(settings);
            logger.Sharing(string.Join(", ", settings.Endpoints.AsEnumerable()), settings.KeyPrefix);
            await proxy().ShareAsync(_state, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>After the proxy's end.</summary>
    public ValueTask DisposeAsync() => _state?.DisposeAsync() ?? ValueTask.CompletedTask;
}
