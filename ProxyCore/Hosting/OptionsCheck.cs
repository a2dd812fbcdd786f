using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using ProxyCore.Settings;

namespace ProxyCore.Hosting;

/// <summary>
/// Checks the options of one proxy, once they are complete, and keeps the result for the proxy: it need not check them
/// again. Any thread.
/// </summary>
/// <param name="name">The name of the proxy, as options have it: empty for the one without a name.</param>
internal sealed class OptionsCheck(string name) : IValidateOptions<TcpProxyOptions>
{
    // As long as the options themselves live: a host may create options that no proxy is made of.
    private readonly ConditionalWeakTable<TcpProxyOptions, ValidationErrors> _errors = [];
    private readonly ConditionalWeakTable<TcpProxyOptions, CheckedOptions> _checked = [];

    internal string Name => name;

    /// <summary>What is wrong with the sources of <paramref name="options"/>; each adds what it finds.</summary>
    internal ValidationErrors ErrorsOf(TcpProxyOptions options) => _errors.GetOrCreateValue(options);

    public ValidateOptionsResult Validate(string? name, TcpProxyOptions options)
    {
        if (name != Name)
        {
            return ValidateOptionsResult.Skip;
        }

        ValidationErrors errors = ErrorsOf(options);
        if (OptionsReader.TryRead(options, errors) is not { } read)
        {
            return ValidateOptionsResult.Fail(errors.Lines);
        }

        _checked.AddOrUpdate(options, read);
        return ValidateOptionsResult.Success;
    }

    /// <summary>The options as they were checked; now, if the host makes options in a way of its own that checks none.</summary>
    /// <exception cref="ArgumentException">They were not checked before, and have errors.</exception>
    internal CheckedOptions ResultOf(TcpProxyOptions options) =>
        _checked.TryGetValue(options, out CheckedOptions? read) ? read : OptionsReader.Read(options);
}
