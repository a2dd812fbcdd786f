using System.Net;

namespace ProxyCore.Preread.ProxyProtocol;

/// <summary>The two addresses of a header.</summary>
internal static class EndPointPair
{
    /// <summary>
    /// IPv4-mapped addresses become IPv4 ones when both are: a pair stays in one family, so that it can be sent on.
    /// </summary>
    internal static (IPEndPoint Source, IPEndPoint Destination) Of(
        IPAddress source, int sourcePort, IPAddress destination, int destinationPort)
    {
        if (source.IsIPv4MappedToIPv6 && destination.IsIPv4MappedToIPv6)
        {
            source = source.MapToIPv4();
            destination = destination.MapToIPv4();
        }

        return (new IPEndPoint(source, sourcePort), new IPEndPoint(destination, destinationPort));
    }
}
