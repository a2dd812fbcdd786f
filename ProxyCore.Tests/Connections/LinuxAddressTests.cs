using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections.Dialing;

namespace ProxyCore.Tests.Connections;

/// <summary>Addresses as the system takes them: the same as .NET makes.</summary>
[Platform("Linux")]
internal sealed class LinuxAddressTests
{
    [TestCase("127.0.0.1:80")]
    [TestCase("255.254.253.252:65535")]
    [TestCase("[::1]:8080")]
    [TestCase("[2001:db8::ff00:42:8329]:1")]
    [TestCase("[fe80::1%3]:443")]
    public void Address_of_TCP_is_what_NET_makes_of_it(string text)
    {
        IPEndPoint address = IPEndPoint.Parse(text);

        Assert.That(Write(address), Is.EqualTo(Serialized(address)));
    }

    [Test]
    public void Unix_address_is_what_NET_makes_of_it()
    {
        var address = new UnixDomainSocketEndPoint("/tmp/a-socket");

        Assert.That(Write(address), Is.EqualTo(Serialized(address)));
    }

    private static byte[] Write(EndPoint address)
    {
        Span<byte> buffer = stackalloc byte[LinuxAddress.LargestSize];
        return LinuxAddress.Write(address, buffer).ToArray();
    }

    private static byte[] Serialized(EndPoint address)
    {
        SocketAddress expected = address.Serialize();
        return expected.Buffer.Span[..expected.Size].ToArray();
    }
}
