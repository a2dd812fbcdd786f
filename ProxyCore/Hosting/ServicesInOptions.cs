using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ProxyCore.Hosting;

/// <summary>Gives options the services of the host that have a part in connections, before they are checked.</summary>
internal sealed class ServicesInOptions(IServiceProvider services) : IPostConfigureOptions<TcpProxyOptions>
{
    public void PostConfigure(string? name, TcpProxyOptions options)
    {
        options.RouteSelector ??= services.GetService<IRouteSelector>();
        foreach (IConnectionObserver observer in services.GetServices<IConnectionObserver>())
        {
            options.ConnectionObservers.Add(observer);
        }
    }
}
