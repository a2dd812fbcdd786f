using Microsoft.Extensions.Options;
using ProxyCore.Settings;

namespace ProxyCore.Hosting;

/// <summary>Checks options that code has set. Any thread.</summary>
internal sealed class CheckedOptions : IValidateOptions<TcpProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, TcpProxyOptions options)
    {
        ValidationErrors errors = OptionsReader.Check(options);
        return errors.Any ? ValidateOptionsResult.Fail(errors.Lines) : ValidateOptionsResult.Success;
    }
}
