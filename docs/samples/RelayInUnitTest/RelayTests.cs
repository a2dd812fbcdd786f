using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using ProxyCore;

namespace RelayInUnitTest;

/// <summary>How a client gets on with a server when there is a proxy between them.</summary>
[CancelAfter(30_000)]
public class RelayTests
{
    private readonly FakeTimeProvider _clock = new();
    private EchoServer _server = null!;
    private TcpProxy _proxy = null!;
    private TcpClient _client = null!;

    [SetUp]
    public async Task Connect()
    {
        _server = new EchoServer();
        var route = new RouteOptions
        {
            Listen = { "127.0.0.1:0" },
            Upstreams = { new() { Address = _server.Address } },
            IdleTimeout = TimeSpan.FromMinutes(10),
        };
        _proxy = new TcpProxy(new TcpProxyOptions { Routes = { route } }, timeProvider: _clock);
        await _proxy.StartAsync();
        _client = new TcpClient();
        await _client.ConnectAsync((IPEndPoint)_proxy.Endpoints[0]);
    }

    [TearDown]
    public async Task End()
    {
        _client.Dispose();
        await _proxy.DisposeAsync();
        _server.Dispose();
    }

    [Test]
    public async Task Answer_comes_through(CancellationToken token) => Assert.That(await Ask("hello", token), Is.EqualTo("hello"));

    [Test]
    public async Task Quiet_connection_lives_until_its_idle_timeout_and_is_reset_then(CancellationToken token)
    {
        await Ask("hello", token);

        _clock.Advance(TimeSpan.FromMinutes(9));
        Assert.That(await Ask("still there", token), Is.EqualTo("still there"));
        _clock.Advance(TimeSpan.FromMinutes(10));

        SocketException? exception = Assert.ThrowsAsync<SocketException>(async () => await _client.Client.ReceiveAsync(new byte[1], token));
        Assert.That(exception!.SocketErrorCode, Is.EqualTo(SocketError.ConnectionReset));
        await _proxy.StopAsync(token);
        Assert.That(_proxy.GetStatistics().Ended[EndReason.IdleTimeout], Is.EqualTo(1));
    }

    private async Task<string> Ask(string text, CancellationToken token)
    {
        await _client.Client.SendAsync(System.Text.Encoding.UTF8.GetBytes(text), token);
        var answer = new byte[text.Length];
        await _client.GetStream().ReadExactlyAsync(answer, token);
        return System.Text.Encoding.UTF8.GetString(answer);
    }
}
