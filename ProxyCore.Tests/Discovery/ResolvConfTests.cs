using System.Net;
using ProxyCore.Cli.Discovery;
using ProxyCore.Tests.Cli;

namespace ProxyCore.Tests.Discovery;

/// <summary>The servers in /etc/resolv.conf.</summary>
internal sealed class ResolvConfTests
{
    [TestCase("nameserver 10.0.0.1", "10.0.0.1:53")]
    [TestCase("nameserver 10.0.0.1 # office", "10.0.0.1:53")]
    [TestCase("  nameserver\t10.0.0.1  ", "10.0.0.1:53")]
    [TestCase("search a.example\nnameserver fd00::1\noptions ndots:5", "[fd00::1]:53")]
    [TestCase("nameserver 1.1.1.1\nnameserver 2.2.2.2\nnameserver 3.3.3.3\nnameserver 4.4.4.4", "1.1.1.1:53 2.2.2.2:53 3.3.3.3:53")]
    [TestCase("#nameserver 10.0.0.1\n;nameserver 10.0.0.2\nnameserver\nnameserver dns.example", "127.0.0.1:53")]
    [TestCase("", "127.0.0.1:53")]
    public void Servers_are_taken_in_order_and_without_any_it_is_the_machine_itself(string text, string servers) =>
        Assert.That(Text(ResolvConf.Parse(text.Split('\n'))), Is.EqualTo(servers));

    [Test]
    public void File_is_read_again_each_time_and_may_be_missing()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.FullName, "resolv.conf");
        string missing = Text(ResolvConf.Read(file));
        File.WriteAllText(file, "nameserver 10.0.0.1\n");
        string first = Text(ResolvConf.Read(file));
        File.WriteAllText(file, "nameserver 10.0.0.2\n");

        Assert.That((missing, first, Text(ResolvConf.Read(file))), Is.EqualTo(("127.0.0.1:53", "10.0.0.1:53", "10.0.0.2:53")));
    }

    private static string Text(IEnumerable<IPEndPoint> servers) => string.Join(' ', servers);
}
