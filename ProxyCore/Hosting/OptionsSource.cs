using Microsoft.Extensions.Options;
using ProxyCore.Settings;

namespace ProxyCore.Hosting;

/// <summary>Reads the options of one proxy from where they are written, which may have errors of its own. Any thread.</summary>
/// <param name="check">Checks them later, together with what else sets them.</param>
/// <param name="read">Reads them, and adds the errors that it finds.</param>
internal sealed class OptionsSource(OptionsCheck check, Action<TcpProxyOptions, ValidationErrors> read)
    : IConfigureNamedOptions<TcpProxyOptions>
{
    public void Configure(string? name, TcpProxyOptions options)
    {
        if (name == check.Name)
        {
            read(options, check.ErrorsOf(options));
        }
    }

    public void Configure(TcpProxyOptions options) => Configure(Options.DefaultName, options);
}
