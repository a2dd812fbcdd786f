using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using ProxyCore.Bench.Load;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Bench;

[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class ExchangeTests
{
    private const string Answer = "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 5\r\n\r\nhello";

    [Test]
    public async Task Learn_takes_the_length_and_the_body_of_the_answer()
    {
        Exchange exchange = await LearnFromAsync(Answer);

        Assert.That(exchange.Length, Is.EqualTo(Answer.Length));
        Assert.That(Encoding.ASCII.GetString(exchange.Request), Does.StartWith("GET / HTTP/1.1\r\n").And.Contain("keep-alive"));
        Assert.That(exchange.IsRight(Encoding.ASCII.GetBytes(Answer.Replace("now", "later", StringComparison.Ordinal))), Is.True);
    }

    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhellO")]
    [TestCase("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 5\r\n\r\nhello")]
    [TestCase("hello")]
    public async Task IsRight_refuses_another_answer(string answer)
    {
        Exchange exchange = await LearnFromAsync(Answer);

        Assert.That(exchange.IsRight(Encoding.ASCII.GetBytes(answer)), Is.False);
    }

    [TestCase("HTTP/1.1 200 OK\r\n\r\nhello", "does not tell its length")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello", "does not tell its length")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", "ends early")]
    [TestCase("HTTP/1.1 200 OK\r\n", "has no end of its head")]
    public void Learn_says_what_is_wrong_with_an_answer_that_nothing_can_be_held_against(string answer, string complaint) =>
        Assert.That(() => LearnFromAsync(answer), Throws.TypeOf<InvalidDataException>().With.Message.Contains(complaint));

    /// <summary>Learns from a server that gives <paramref name="answer"/> to its only client, and ends.</summary>
    private static async Task<Exchange> LearnFromAsync(string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task served = ServeAsync(listener, answer);
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        Exchange exchange = await Task.Run(() => Exchange.Learn(client.GetStream(), Requests.Of(LoadKind.Requests)));
        await Bound.Within("the server answers", served);
        return exchange;
    }

    private static async Task ServeAsync(TcpListener listener, string answer)
    {
        using Socket client = await listener.AcceptSocketAsync();
        await client.ReceiveAsync(new byte[4096]);
        await client.SendAsync(Encoding.ASCII.GetBytes(answer));
        client.Shutdown(SocketShutdown.Send);
    }
}
