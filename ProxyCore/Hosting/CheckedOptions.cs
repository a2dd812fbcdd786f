using Microsoft.Extensions.Options;

namespace ProxyCore.Hosting;

/// <summary>Checks options that code has set. Any thread.</summary>
internal sealed class CheckedOptions : IValidateOptions<TcpProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, TcpProxyOptions options)
    {
        Mistakes mistakes = OptionsReader.Check(options);
        return mistakes.Any ? ValidateOptionsResult.Fail(mistakes.Lines) : ValidateOptionsResult.Success;
    }
}
