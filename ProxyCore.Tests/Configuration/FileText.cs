using System.Text;
using ProxyCore.Cli;
using ProxyCore.Hosting;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Configuration;

/// <summary>The text of a configuration file, read as the command reads it.</summary>
internal static class FileText
{
    internal static string[] ErrorsIn(string json)
    {
        var errors = new ValidationErrors();
        var options = new TcpProxyOptions();
        ConfigurationReader.ReadKeys(JsonConfiguration.Read(Encoding.UTF8.GetBytes(json), errors), options, errors);
        _ = OptionsReader.TryRead(options, errors);
        return [.. errors.Lines];
    }
}
