using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ProxyCore.Settings;

namespace ProxyCore.Hosting;

/// <summary>Adds proxies to a host.</summary>
/// <remarks>
/// The proxy is a service: <see cref="TcpProxy"/>, with its name as key if it has one. It may be injected at any time; it
/// is <see cref="ProxyState.Created"/> until the host starts it. The host's <see cref="TimeProvider"/>, its
/// <see cref="IConnectionObserver"/>s and <see cref="IUpstreamObserver"/>s and its <see cref="IRouteSelector"/> are used;
/// those must not ask for the proxy in their constructors. Balancing policies and upstream sources are added by
/// <c>services.Configure&lt;TcpProxyOptions&gt;</c>.
/// </remarks>
public static class ProxyCoreServiceCollectionExtensions
{
    /// <summary>
    /// Adds a proxy that starts and stops with the host. When the configuration changes, the proxy changes too. Validation
    /// errors stop the start; those of a later change are logged, and the proxy goes on as before.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configuration">The section: <c>configuration.GetSection("ProxyCore")</c>.</param>
    public static IServiceCollection AddProxyCore(this IServiceCollection services, IConfiguration configuration) =>
        services.AddProxy(null).AddConfiguration(Options.DefaultName, configuration);

    /// <summary>Adds a proxy that starts and stops with the host.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Sets its options.</param>
    public static IServiceCollection AddProxyCore(this IServiceCollection services, Action<TcpProxyOptions> configure) =>
        services.AddProxy(null).AddDelegate(Options.DefaultName, configure);

    /// <summary>
    /// Adds one of several proxies that start and stop with the host. Its options have its name, and its services its name
    /// as key: <c>services.Configure&lt;TcpProxyOptions&gt;(name, …)</c>, <c>[FromKeyedServices(name)] TcpProxy</c>.
    /// Observers and a route selector with that key are used beside those without one; a selector with the key replaces
    /// the one without.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="name">Its name: see <see cref="TcpProxy.Name"/>.</param>
    /// <param name="configuration">Its section.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static IServiceCollection AddProxyCore(this IServiceCollection services, string name, IConfiguration configuration)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return services.AddProxy(name).AddConfiguration(name, configuration);
    }

    /// <summary>Adds one of several proxies that start and stop with the host: see the overload with a configuration.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="name">Its name: see <see cref="TcpProxy.Name"/>.</param>
    /// <param name="configure">Sets its options.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static IServiceCollection AddProxyCore(this IServiceCollection services, string name, Action<TcpProxyOptions> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return services.AddProxy(name).AddDelegate(name, configure);
    }

    /// <summary>Adds a proxy whose options are read from a source that may have errors of its own.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="read">Reads them, and adds the errors that it finds.</param>
    internal static IServiceCollection AddProxyCore(this IServiceCollection services, Action<TcpProxyOptions, ValidationErrors> read) =>
        services.AddProxy(null).AddSource(Options.DefaultName, read);

    private static IServiceCollection AddConfiguration(this IServiceCollection services, string optionsName, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return services
            .AddSource(optionsName, (options, errors) => ConfigurationReader.ReadKeys(SectionNode.Read(configuration), options, errors))
            .AddSingleton<IOptionsChangeTokenSource<TcpProxyOptions>>(new ConfigurationChanges(optionsName, configuration));
    }

    private static IServiceCollection AddDelegate(this IServiceCollection services, string optionsName, Action<TcpProxyOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddSource(optionsName, (options, _) => configure(options));
    }

    private static IServiceCollection AddSource(
        this IServiceCollection services, string optionsName, Action<TcpProxyOptions, ValidationErrors> read)
    {
        OptionsCheck check = FindCheck(services, optionsName)!;
        return services.AddSingleton<IConfigureOptions<TcpProxyOptions>>(new OptionsSource(check, read));
    }

    private static OptionsCheck? FindCheck(IServiceCollection services, string optionsName) => services
        .Where(static one => one.ServiceType == typeof(IValidateOptions<TcpProxyOptions>) && !one.IsKeyedService)
        .Select(static one => one.ImplementationInstance)
        .OfType<OptionsCheck>()
        .FirstOrDefault(check => check.Name == optionsName);

    private static IServiceCollection AddProxy(this IServiceCollection services, string? name)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<TcpProxyOptions>, ServicesInOptions>());
        string optionsName = name ?? Options.DefaultName;
        if (FindCheck(services, optionsName) is not null)
        {
            return services;
        }

        var check = new OptionsCheck(optionsName);
        services.AddSingleton<IValidateOptions<TcpProxyOptions>>(check);

        // A null key is none: these are the plain services then.
        services.Add(new ServiceDescriptor(typeof(ProxyService), name, (provider, _) => new ProxyService(provider, name, check), ServiceLifetime.Singleton));
        services.Add(new ServiceDescriptor(typeof(TcpProxy), name, (provider, _) => ServiceOf(provider, name).GetProxy(), ServiceLifetime.Singleton));
        services.Add(new ServiceDescriptor(typeof(ProxyHealthCheck), name, (provider, _) => new ProxyHealthCheck(ServiceOf(provider, name)), ServiceLifetime.Singleton));
        services.AddSingleton<IHostedService>(provider => ServiceOf(provider, name));
        return services;
    }

    private static ProxyService ServiceOf(IServiceProvider provider, string? name) =>
        name is null ? provider.GetRequiredService<ProxyService>() : provider.GetRequiredKeyedService<ProxyService>(name);
}
