using Microsoft.Extensions.Options;
using ProxyCore.Settings;

namespace ProxyCore.Hosting;

/// <summary>Checks options that code has set. Any thread.</summary>
internal sealed class CheckedOptions : IValidateOptions<TcpProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, TcpProxyOptions options)
    {
        var errors = new ValidationErrors();
        OptionsReader.Check(options, errors);
        return errors.Any ? ValidateOptionsResult.Fail(errors.Lines) : ValidateOptionsResult.Success;
    }
}
