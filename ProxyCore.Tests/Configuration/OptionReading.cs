using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ProxyCore.Cli;
using ProxyCore.Hosting;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Configuration;

/// <summary>Reads options from where users write them, and checks them as a whole.</summary>
internal static class OptionReading
{
    /// <summary>What is wrong with a section of a host's configuration.</summary>
    internal static ValidationErrors ErrorsIn(this IConfiguration configuration, TcpProxyOptions options)
    {
        var errors = new ValidationErrors();
        ConfigurationReader.ReadKeys(SectionNode.Read(configuration), options, errors);
        _ = OptionsReader.TryRead(options, errors);
        return errors;
    }

    /// <summary>What is wrong with a file, as the command says it.</summary>
    internal static IReadOnlyList<string> ErrorsIn(this ConfigurationFile file, TcpProxyOptions options)
    {
        var errors = new ValidationErrors();
        try
        {
            file.Read(options, errors);
            _ = OptionsReader.TryRead(options, errors);
            return [.. errors.Lines];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
    }
}
