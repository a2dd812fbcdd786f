using System.Net;
using System.Net.Sockets;

namespace ProxyCore.Diagnostics;

/// <summary>Addresses as logs show them.</summary>
internal static class EndPointText
{
    internal static string Of(EndPoint? endpoint) => endpoint switch
    {
        null => "unknown",

        // A dual-stack listener sees an IPv4 client as ::ffff:192.0.2.1.
        IPEndPoint { Address: { IsIPv4MappedToIPv6: true } mapped } ip => new IPEndPoint(mapped.MapToIPv4(), ip.Port).ToString(),

        // Clients of a Unix socket seldom have a name of their own.
        UnixDomainSocketEndPoint unix => unix.ToString() is { Length: > 0 } path ? $"unix:{path}" : "unix",
        _ => endpoint.ToString()!,
    };
}
