using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ProxyCore.Hosting;

/// <summary>Reports that the configuration of one proxy has changed. Any thread.</summary>
/// <param name="name">The name of the proxy, as options have it.</param>
/// <param name="configuration">Its section.</param>
internal sealed class ConfigurationChanges(string name, IConfiguration configuration) : IOptionsChangeTokenSource<TcpProxyOptions>
{
    public string Name => name;

    public IChangeToken GetChangeToken() => configuration.GetReloadToken();
}
