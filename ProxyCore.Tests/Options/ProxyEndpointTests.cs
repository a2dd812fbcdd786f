using System.Net;
using System.Net.Sockets;

namespace ProxyCore.Tests.Options;

internal sealed class ProxyEndpointTests
{
    [TestCase("8080", ProxyEndpointKind.Loopback, 8080)]
    [TestCase("0", ProxyEndpointKind.Loopback, 0)]
    [TestCase("65535", ProxyEndpointKind.Loopback, 65535)]
    [TestCase("localhost:8080", ProxyEndpointKind.Loopback, 8080)]
    [TestCase("LocalHost:8080", ProxyEndpointKind.Loopback, 8080)]
    [TestCase("*:80", ProxyEndpointKind.Any, 80)]
    [TestCase("127.0.0.1:80", ProxyEndpointKind.Address, 80)]
    [TestCase("[::1]:80", ProxyEndpointKind.Address, 80)]
    [TestCase("[::ffff:192.0.2.1]:80", ProxyEndpointKind.Address, 80)]
    [TestCase("example.com:443", ProxyEndpointKind.Name, 443)]
    [TestCase("example.com.:443", ProxyEndpointKind.Name, 443)]
    [TestCase("my_service:1", ProxyEndpointKind.Name, 1)]
    [TestCase("3com.example:1", ProxyEndpointKind.Name, 1)]
    [TestCase("unix:/run/app.sock", ProxyEndpointKind.UnixSocket, 0)]
    [TestCase("UNIX:/run/app:1.sock", ProxyEndpointKind.UnixSocket, 0)]
    public void Parse_reads_each_form_and_keeps_its_text(string text, ProxyEndpointKind kind, int port)
    {
        ProxyEndpoint endpoint = ProxyEndpoint.Parse(text);

        Assert.That((endpoint.Kind, endpoint.Port, endpoint.ToString()), Is.EqualTo((kind, port, text)));
        Assert.That(endpoint.Address is not null, Is.EqualTo(kind == ProxyEndpointKind.Address));
        Assert.That(endpoint.Name is not null, Is.EqualTo(kind == ProxyEndpointKind.Name));
        Assert.That(endpoint.Path is not null, Is.EqualTo(kind == ProxyEndpointKind.UnixSocket));
    }

    [Test]
    public void Parse_gives_the_part_that_its_form_has()
    {
        Assert.That(ProxyEndpoint.Parse("192.0.2.1:80").Address, Is.EqualTo(IPAddress.Parse("192.0.2.1")));
        Assert.That(ProxyEndpoint.Parse("[2001:db8::1]:80").Address, Is.EqualTo(IPAddress.Parse("2001:db8::1")));
        Assert.That(ProxyEndpoint.Parse("example.com:80").Name, Is.EqualTo("example.com"));
        Assert.That(ProxyEndpoint.Parse("unix:/run/a:b").Path, Is.EqualTo("/run/a:b"));
    }

    [TestCase("", "is no endpoint")]
    [TestCase("http", "is no endpoint")]
    [TestCase("65536", "is no endpoint")]
    [TestCase("-1", "is no endpoint")]
    [TestCase("+80", "is no endpoint")]
    [TestCase(" 80", "is no endpoint")]
    [TestCase("localhost:", "has no valid port")]
    [TestCase("localhost:65536", "has no valid port")]
    [TestCase("localhost:0x50", "has no valid port")]
    [TestCase("http://localhost", "has no valid port")]
    [TestCase("[::1]", "has no valid port")]
    [TestCase("::1:80", "has no valid IPv6 address")]
    [TestCase("[::1:80", "has no valid IPv6 address")]
    [TestCase("[127.0.0.1]:80", "has no valid IPv6 address")]
    [TestCase("[]:80", "has no valid IPv6 address")]
    [TestCase("[[::1]]:80", "has no valid IPv6 address")]
    [TestCase("[[::1]:443]:80", "has no valid IPv6 address")]
    [TestCase("a..b:80", "has neither an address nor a name")]
    [TestCase("a.-b:80", "has neither an address nor a name")]
    [TestCase("1.2.3.4.:80", "has neither an address nor a name")]
    [TestCase("http://localhost:80", "has no valid IPv6 address")]
    [TestCase(":80", "has neither an address nor a name")]
    [TestCase("256.0.0.1:80", "has neither an address nor a name")]
    [TestCase("010.0.0.1:80", "has neither an address nor a name")]
    [TestCase("1.2.3:80", "has neither an address nor a name")]
    [TestCase("0x7f.1:80", "has neither an address nor a name")]
    [TestCase("a b:80", "has neither an address nor a name")]
    [TestCase("-a:80", "has neither an address nor a name")]
    [TestCase(".a:80", "has neither an address nor a name")]
    [TestCase("bücher.example:80", "has neither an address nor a name")]
    [TestCase("unix:", "has no path")]
    [TestCase("unix:@name", "is an abstract socket, which is not supported")]
    public void Parse_says_what_is_wrong_with_the_text(string text, string cause)
    {
        Assert.That(
            () => ProxyEndpoint.Parse(text),
            Throws.TypeOf<FormatException>().With.Message.Contains($"'{text}'").And.Message.Contains(cause));
        Assert.That(ProxyEndpoint.TryParse(text, out ProxyEndpoint? endpoint), Is.False);
        Assert.That(endpoint, Is.Null);
    }

    [Test]
    public void Parse_takes_the_longest_path_that_the_system_takes_and_none_beyond()
    {
        int most = OperatingSystem.IsLinux() || OperatingSystem.IsWindows() ? 107 : 103;
        string longest = "unix:/" + new string('p', most - 1);

        Assert.That(ProxyEndpoint.Parse(longest).Path, Has.Length.EqualTo(most));
        Assert.That(() => new UnixDomainSocketEndPoint(ProxyEndpoint.Parse(longest).Path!), Throws.Nothing);
        Assert.That(() => ProxyEndpoint.Parse(longest + "p"), Throws.TypeOf<FormatException>().With.Message.Contains("too long"));
        Assert.That(() => ProxyEndpoint.Parse(longest[..^1] + "ü"), Throws.TypeOf<FormatException>(), "bytes count, not characters");
    }

    [Test]
    public void Parse_takes_the_longest_name_and_none_beyond()
    {
        string longest = string.Join('.', Enumerable.Repeat(new string('n', 49), 5)) + ".nnn";
        Assert.That(longest, Has.Length.EqualTo(253));

        Assert.That(ProxyEndpoint.Parse(longest + ":1").Name, Is.EqualTo(longest));
        Assert.That(() => ProxyEndpoint.Parse(longest + "n:1"), Throws.TypeOf<FormatException>());
    }

    [TestCase("3000", "LOCALHOST:03000", true)]
    [TestCase("[::1]:80", "[0:0:0:0:0:0:0:1]:80", true)]
    [TestCase("[::ffff:192.0.2.1]:80", "192.0.2.1:80", true)]
    [TestCase("unix:/tmp/u", "UNIX:/tmp/./u", true)]
    [TestCase("A.example:1", "a.example:1", true)]
    [TestCase("3000", "127.0.0.1:3000", false)]
    [TestCase("3000", "3001", false)]
    [TestCase("unix:/tmp/u", "unix:/tmp/U", false)]
    public void Two_are_equal_when_they_mean_the_same(string one, string other, bool areEqual)
    {
        ProxyEndpoint first = ProxyEndpoint.Parse(one);
        ProxyEndpoint second = ProxyEndpoint.Parse(other);

        Assert.That(first.Equals(second), Is.EqualTo(areEqual));
        Assert.That(first.GetHashCode() == second.GetHashCode(), Is.EqualTo(areEqual));
    }

    [Test]
    public void TryParse_is_false_for_null() => Assert.That(ProxyEndpoint.TryParse(null, out _), Is.False);

    [Test]
    public void Parse_throws_ArgumentNullException_for_null() =>
        Assert.That(() => ProxyEndpoint.Parse(null!), Throws.ArgumentNullException);

    [Test]
    public void Messages_do_not_repeat_an_endless_text() =>
        Assert.That(() => ProxyEndpoint.Parse(new string('x', 10_000)), Throws.TypeOf<FormatException>().With.Message.Length.LessThan(400));

    [Test]
    public void No_text_at_all_makes_Parse_throw_anything_but_FormatException([Range(1, 5)] int seed)
    {
        const string Alphabet = "0123456789:.[]*%/\\-_ localhostunix\0\u001b\r\n\tü€\ud83d\ude00\u202e\ud800";
        var random = new Random(seed);
        for (int i = 0; i < 5000; i++)
        {
            char[] characters = random.GetItems<char>(Alphabet, random.Next(40));
            string text = (random.Next(4) == 0 ? "unix:" : "") + new string(characters);
            string? message = MessageOf(text);

            Assert.That(ProxyEndpoint.TryParse(text, out _), Is.EqualTo(message is null));
            Assert.That(message?.Any(char.IsControl) ?? false, Is.False, message);
        }
    }

    private static string? MessageOf(string text)
    {
        try
        {
            ProxyEndpoint.Parse(text);
            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }
}
