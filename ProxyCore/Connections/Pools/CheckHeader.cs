using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections.Dialing;
using ProxyCore.Preread.ProxyProtocol;

namespace ProxyCore.Connections.Pools;

/// <summary>The PROXY header of a health check, which speaks for the proxy itself.</summary>
internal static class CheckHeader
{
    /// <summary>
    /// In version 2 LOCAL. In version 1 the addresses of the check's own connection, because some servers refuse UNKNOWN:
    /// Postfix 3.7 answers with 421.
    /// </summary>
    /// <param name="version">The version.</param>
    /// <param name="socket">The connected socket of the check.</param>
    /// <param name="upstream">What it is connected to.</param>
    internal static byte[] Make(ProxyProtocolVersion version, Socket socket, EndPoint? upstream)
    {
        var content = new ProxyHeaderContent
        {
            Version = version,
            IsLocal = version == ProxyProtocolVersion.V2,
            Source = LocalAddress.Of(socket),
            Destination = upstream,
        };
        var header = new byte[ProxyHeaderWriter.MeasureLength(in content)];
        return header[..ProxyHeaderWriter.Write(header, in content)];
    }
}
