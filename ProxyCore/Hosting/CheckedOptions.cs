using Microsoft.Extensions.Options;
using ProxyCore.Settings;

namespace ProxyCore.Hosting;

/// <summary>Checks the options of the proxy with one name, which code has set. Any thread.</summary>
/// <param name="proxy">The name, as options have it: empty for the proxy without one.</param>
internal sealed class CheckedOptions(string proxy) : IValidateOptions<TcpProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, TcpProxyOptions options)
    {
        if (name != proxy)
        {
            return ValidateOptionsResult.Skip;
        }

        var errors = new ValidationErrors();
        OptionsReader.Check(options, errors);
        return errors.Any ? ValidateOptionsResult.Fail(errors.Lines) : ValidateOptionsResult.Success;
    }
}
