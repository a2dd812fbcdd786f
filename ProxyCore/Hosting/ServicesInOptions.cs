using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ProxyCore.Hosting;

/// <summary>Puts the host's observers and route selector into options, before they are checked.</summary>
/// <remarks>Services without a key belong to every proxy; those with the name of a proxy as key to that one.</remarks>
internal sealed class ServicesInOptions(IServiceProvider services) : IPostConfigureOptions<TcpProxyOptions>
{
    public void PostConfigure(string? name, TcpProxyOptions options)
    {
        bool isNamed = !string.IsNullOrEmpty(name);
        options.RouteSelector ??= (isNamed ? services.GetKeyedService<IRouteSelector>(name) : null) ?? services.GetService<IRouteSelector>();
        AddAll(options.ConnectionObservers, isNamed ? name : null);
        AddAll(options.UpstreamObservers, isNamed ? name : null);
    }

    private void AddAll<T>(IList<T> observers, string? key)
    {
        foreach (T observer in services.GetServices<T>())
        {
            observers.Add(observer);
        }

        foreach (T observer in key is null ? [] : services.GetKeyedServices<T>(key))
        {
            observers.Add(observer);
        }
    }
}
