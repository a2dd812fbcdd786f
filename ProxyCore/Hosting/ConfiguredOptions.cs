using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ProxyCore.Settings;

namespace ProxyCore.Hosting;

/// <summary>
/// Options from a configuration: read, checked as a whole, and made anew when that changes. Any thread.
/// </summary>
/// <param name="name">The name of the proxy, as options have it: empty for the one without a name.</param>
/// <param name="configuration">The section of the proxy.</param>
internal sealed class ConfiguredOptions(string name, IConfiguration configuration)
    : IConfigureNamedOptions<TcpProxyOptions>, IValidateOptions<TcpProxyOptions>, IOptionsChangeTokenSource<TcpProxyOptions>
{
    // Reading comes first and checking last, with whatever else configures the options in between.
    private readonly ConditionalWeakTable<TcpProxyOptions, ValidationErrors> _read = [];

    public string Name => name;

    public void Configure(string? name, TcpProxyOptions options)
    {
        if (name == Name)
        {
            Read(options);
        }
    }

    public void Configure(TcpProxyOptions options) => Configure(Options.DefaultName, options);

    public ValidateOptionsResult Validate(string? name, TcpProxyOptions options)
    {
        if (!_read.TryGetValue(options, out ValidationErrors? errors))
        {
            return ValidateOptionsResult.Skip;
        }

        OptionsReader.Check(options, errors);
        return errors.Any ? ValidateOptionsResult.Fail(errors.Lines) : ValidateOptionsResult.Success;
    }

    public IChangeToken GetChangeToken() => configuration.GetReloadToken();

    private void Read(TcpProxyOptions options) => _read.AddOrUpdate(options, ConfigurationReader.ReadKeys(configuration, options));
}
