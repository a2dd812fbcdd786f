using System.Text;
using ProxyCore.Cli;
using ProxyCore.Cli.Discovery;
using ProxyCore.Cli.Shared;
using ProxyCore.Hosting;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Configuration;

/// <summary>The text of a configuration file, read as the command reads it.</summary>
internal static class FileText
{
    internal static string[] ErrorsIn(string json) => Read(json, new TcpProxyOptions());

    /// <summary>The options of a text without mistakes.</summary>
    internal static TcpProxyOptions OptionsOf(string json)
    {
        var options = new TcpProxyOptions();
        Assert.That(Read(json, options), Is.Empty);
        return options;
    }

    private static string[] Read(string json, TcpProxyOptions options)
    {
        var errors = new ValidationErrors();
        TreeNode section = JsonConfiguration.Read(Encoding.UTF8.GetBytes(json), errors);
        var ofTheCommand = CommandOptions.Take(section, errors);
        _ = RedisSettings.Read(ofTheCommand.Shared, errors);
        var settings = DnsSettings.Read(ofTheCommand.Dns, "Dns:", errors);
        options.UpstreamSources[SrvSource.Scheme] = SrvSource.Create(settings);
        ConfigurationReader.ReadKeys(section, options, errors);
        _ = OptionsReader.TryRead(options, errors);
        return [.. errors.Lines];
    }
}
