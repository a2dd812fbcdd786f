using System.Net;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Cli;

/// <summary>Connects to a command that relays to an echo.</summary>
internal static class EchoClient
{
    /// <summary>Connects and waits for an echo: from then on the proxy is relaying.</summary>
    internal static async Task<Peer> ConnectAsync(int port)
    {
        Peer client = await Peer.Connect(new IPEndPoint(IPAddress.Loopback, port));
        await client.Echoes("ping"u8.ToArray());
        return client;
    }
}
