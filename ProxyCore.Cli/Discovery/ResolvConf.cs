using System.Net;
using ProxyCore.Settings;

namespace ProxyCore.Cli.Discovery;

/// <summary>The servers of the DNS in /etc/resolv.conf.</summary>
/// <remarks>
/// Read for each look-up: it takes some microseconds, and DHCP clients, VPNs and clusters replace the file while the proxy runs.
/// The rest of it has no meaning for SRV records: their names are whole, and times come from the configuration.
/// </remarks>
internal static class ResolvConf
{
    internal const string Path = "/etc/resolv.conf";

    private const int Port = 53;
    private const int MostServers = 3;
    private const int MostBytes = 64 * 1024;

    /// <summary>Reads the servers; 127.0.0.1 if it names none or can't be read, as the system's resolver does.</summary>
    internal static ValueList<IPEndPoint> Read(string path = Path)
    {
        try
        {
            using FileStream stream = RegularFile.OpenRead(path);
            return stream.Length > MostBytes ? Parse([]) : Parse(ReadLines(stream));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Parse([]);
        }
    }

    /// <summary>Finds the servers in lines: at most three, as the system's resolver takes.</summary>
    internal static ValueList<IPEndPoint> Parse(IEnumerable<string> lines)
    {
        IPEndPoint[] servers = [.. lines.Select(ReadServer).OfType<IPEndPoint>().Take(MostServers)];
        return servers.Length > 0 ? [.. servers] : [new IPEndPoint(IPAddress.Loopback, Port)];
    }

    private static IEnumerable<string> ReadLines(Stream stream)
    {
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    // What follows the address is a comment, or nothing: nameserver 10.0.0.53 # office
    private static IPEndPoint? ReadServer(string line) =>
        line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is ["nameserver", var text, ..]
        && IPAddress.TryParse(text, out IPAddress? address)
            ? new IPEndPoint(address, Port)
            : null;
}
