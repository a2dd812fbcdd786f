using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ProxyCore.Hosting;

/// <summary>Puts a proxy into a host.</summary>
public static class ProxyCoreServiceCollectionExtensions
{
    /// <summary>
    /// Adds a proxy that starts and stops with the host, as <paramref name="configuration"/> says; when that changes, it
    /// changes too. What is wrong with the configuration stops the start, and changes nothing later: the log has it.
    /// </summary>
    /// <param name="services">The services of the host. Its <see cref="IConnectionObserver"/>s, its
    /// <see cref="IRouteSelector"/> and its <see cref="TimeProvider"/> are used; add balancing policies with
    /// <c>services.Configure&lt;TcpProxyOptions&gt;</c>.</param>
    /// <param name="configuration">The section: <c>configuration.GetSection("ProxyCore")</c>.</param>
    /// <remarks>Once the host has started, the proxy itself can be had as a service: <see cref="TcpProxy"/>.</remarks>
    public static IServiceCollection AddProxyCore(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var source = new ConfiguredOptions(configuration);
        return services.AddProxy()
            .AddSingleton<IConfigureOptions<TcpProxyOptions>>(source)
            .AddSingleton<IValidateOptions<TcpProxyOptions>>(source)
            .AddSingleton<IOptionsChangeTokenSource<TcpProxyOptions>>(source);
    }

    /// <summary>Adds a proxy that starts and stops with the host, as <paramref name="configure"/> says.</summary>
    /// <param name="services">The services of the host; see the other overload.</param>
    /// <param name="configure">Sets its options.</param>
    public static IServiceCollection AddProxyCore(this IServiceCollection services, Action<TcpProxyOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddProxy()
            .AddSingleton<IConfigureOptions<TcpProxyOptions>>(new ConfigureNamedOptions<TcpProxyOptions>(Options.DefaultName, configure))
            .AddSingleton<IValidateOptions<TcpProxyOptions>>(new CheckedOptions());
    }

    private static IServiceCollection AddProxy(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions();
        services.TryAddSingleton<ProxyService>();
        services.TryAddSingleton(static provider => provider.GetRequiredService<ProxyService>().RequireProxy());
        services.TryAddSingleton(static provider => new ProxyHealthCheck(provider.GetRequiredService<ProxyService>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<TcpProxyOptions>, ServicesInOptions>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ProxyService>(
            static provider => provider.GetRequiredService<ProxyService>()));
        return services;
    }
}
