using System.Text.Json;
using Microsoft.Extensions.Logging;
using ProxyCore.Settings;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary>The configuration file: a list of proxies, as a request to populate has it.</summary>
internal static class ProxyFile
{
    private const int MostBytes = 4 * 1024 * 1024;

    /// <summary>Makes its proxies. What is wrong is logged, and the server goes on without: so toxiproxy does.</summary>
    internal static async Task LoadAsync(string path, ProxyRegistry proxies, ILogger logger)
    {
        try
        {
            IReadOnlyList<ProxyInput> all = ProxyInput.ReadList(Read(path));
            foreach (ProxyInput proxy in all)
            {
                await proxies.ReplaceAsync(proxy);
            }

            logger.ProxiesLoaded(path, all.Count);
        }
        catch (Exception exception) when (exception is ApiException or IOException or UnauthorizedAccessException)
        {
            logger.ProxiesNotLoaded(path, exception.Message);
        }
    }

    private static JsonElement Read(string path)
    {
        using FileStream stream = RegularFile.OpenRead(path);
        return GoJson.ReadFirst(RegularFile.ReadAll(stream, MostBytes));
    }
}
