using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ProxyCore.Settings;

namespace ProxyCore.Hosting;

/// <summary>Options from a configuration: read, checked as a whole, and made anew when that changes. Any thread.</summary>
internal sealed class ConfiguredOptions(IConfiguration configuration)
    : IConfigureOptions<TcpProxyOptions>, IValidateOptions<TcpProxyOptions>, IOptionsChangeTokenSource<TcpProxyOptions>
{
    // Reading comes first and checking last, with whatever else configures the options in between.
    private readonly ConditionalWeakTable<TcpProxyOptions, ValidationErrors> _read = [];

    public string Name => Options.DefaultName;

    public void Configure(TcpProxyOptions options) => _read.AddOrUpdate(options, ConfigurationReader.ReadKeys(configuration, options));

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
}
