using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using ProxyCore;

namespace WithNUnit;

/// <summary>What HttpClient does when the network between it and its server is faulty.</summary>
[CancelAfter(30_000)]
public class HttpClientTests
{
    private readonly FakeTimeProvider _clock = new();
    private WebServer _server = null!;

    [SetUp]
    public async Task Start() => _server = await WebServer.Start();

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [Test]
    public async Task Request_takes_as_long_as_the_network_does(CancellationToken token)
    {
        await using TcpProxy proxy = await TcpProxy.StartNewAsync("127.0.0.1:0", _server.Address);
        using HttpClient client = ClientOf(proxy);
        await using (await proxy.AddToxicAsync(new LatencyToxic { Latency = TimeSpan.FromMilliseconds(300) }))
        {
            long begin = Stopwatch.GetTimestamp();
            await client.GetStringAsync("/", token);
            Assert.That(Stopwatch.GetElapsedTime(begin), Is.GreaterThan(TimeSpan.FromMilliseconds(290)));
        }

        Assert.That(await client.GetStringAsync("/", token), Is.EqualTo("hello"));
    }

    [Test]
    public async Task Slow_connect_costs_no_time_on_a_fake_clock(CancellationToken token)
    {
        await using TcpProxy proxy = await StartOnFakeClock();
        using HttpClient client = ClientOf(proxy);
        await using ActiveToxic slow = await proxy.AddToxicAsync(new ConnectDelayToxic { Delay = TimeSpan.FromMinutes(1) });

        Task<string> answer = client.GetStringAsync("/", token);
        while (slow.Connections == 0)
        {
            await Task.Delay(1, token);
        }

        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.That(_server.Requests, Is.Zero);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await answer, Is.EqualTo("hello"));
    }

    [Test]
    public async Task Slow_answer_costs_no_time_on_a_fake_clock(CancellationToken token)
    {
        await using TcpProxy proxy = await StartOnFakeClock();
        using HttpClient client = ClientOf(proxy);
        await proxy.AddToxicAsync(new LatencyToxic { Latency = TimeSpan.FromMinutes(1) }, cancellationToken: token);

        Assert.That(await _clock.AdvanceUntil(client.GetStringAsync("/", token)), Is.EqualTo("hello"));
    }

    [Test]
    public async Task Only_the_second_connection_fails(CancellationToken token)
    {
        await using TcpProxy proxy = await TcpProxy.StartNewAsync("127.0.0.1:0", _server.Address);
        var second = new CloseToxic { Stream = ToxicDirection.Upstream, SkipConnections = 1, TakeConnections = 1 };
        await using ActiveToxic toxic = await proxy.AddToxicAsync(second, cancellationToken: token);

        bool[] answered = [await IsAnswered(), await IsAnswered(), await IsAnswered()];

        Assert.That(answered, Is.EqualTo(new[] { true, false, true }));
        Assert.That(toxic.EndedConnections, Is.EqualTo(1));

        async Task<bool> IsAnswered()
        {
            using HttpClient client = ClientOf(proxy);
            try
            {
                return await client.GetStringAsync("/", token) == "hello";
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }
    }

    [TestCase(ToxicEnd.Fin, ExpectedResult = 4, Description = "sent again, three times")]
    [TestCase(ToxicEnd.Reset, ExpectedResult = 1)]
    public async Task<long> Attempts_of_a_request_whose_connection_ends(ToxicEnd end)
    {
        await using TcpProxy proxy = await TcpProxy.StartNewAsync("127.0.0.1:0", _server.Address);
        using HttpClient client = ClientOf(proxy);
        await using ActiveToxic toxic = await proxy.AddToxicAsync(new CloseToxic { Stream = ToxicDirection.Upstream, End = end });

        Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/"));

        Assert.That(proxy.GetStatistics().Accepted, Is.EqualTo(toxic.EndedConnections));
        return toxic.EndedConnections;
    }

    private static HttpClient ClientOf(TcpProxy proxy) => new() { BaseAddress = new Uri($"http://{(IPEndPoint)proxy.Endpoints[0]}") };

    private async Task<TcpProxy> StartOnFakeClock()
    {
        var route = new RouteOptions { Listen = { "127.0.0.1:0" }, Upstreams = { new() { Address = _server.Address } } };
        var proxy = new TcpProxy(new TcpProxyOptions { Routes = { route } }, timeProvider: _clock);
        await proxy.StartAsync();
        return proxy;
    }
}
