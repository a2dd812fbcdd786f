using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using ProxyCore;

namespace WithTUnit;

/// <summary>Faults at a certain text, for a time, and by chance that repeats.</summary>
public class FaultTests
{
    [Test]
    public async Task Connection_ends_at_a_text()
    {
        using var server = new EchoServer();
        await using TcpProxy proxy = await TcpProxy.StartNewAsync("127.0.0.1:0", server.Address);
        await using ActiveToxic toxic = await proxy.AddToxicAsync(
            new CustomToxic(() => new CloseAtText("COMMIT")) { Stream = ToxicDirection.Upstream });
        using TcpClient client = await Connect(proxy);

        await Assert.That(await Ask(client, "BEGIN")).IsEqualTo("BEGIN");
        await Assert.That(await Ask(client, "COMMIT")).IsNull();
        await Assert.That(toxic.EndedConnections).IsEqualTo(1);
    }

    [Test]
    public async Task Outage_of_five_minutes_is_over_at_once_on_a_fake_clock()
    {
        using var server = new EchoServer();
        var clock = new FakeTimeProvider();
        await using TcpProxy proxy = await Start(server, clock);
        await proxy.AddToxicAsync(new RefuseToxic { Duration = TimeSpan.FromMinutes(5) });

        await Assert.That(await IsServed(proxy)).IsFalse();
        clock.Advance(TimeSpan.FromMinutes(5));
        await Assert.That(await IsServed(proxy)).IsTrue();
    }

    [Test]
    public async Task Seed_gives_each_connection_the_same_fate_in_every_run()
    {
        using var server = new EchoServer();
        string first = await Run();
        string second = await Run();

        await Assert.That(second).IsEqualTo(first);
        await Assert.That(first).Contains("x").And.Contains(".");

        async Task<string> Run()
        {
            await using TcpProxy proxy = await Start(server, seed: 7);
            await proxy.AddToxicAsync(new RefuseToxic { Toxicity = 0.3 });
            var fates = new StringBuilder();
            for (int connection = 0; connection < 20; connection++)
            {
                fates.Append(await IsServed(proxy) ? '.' : 'x');
            }

            return fates.ToString();
        }
    }

    [Test]
    public async Task Observer_learns_which_toxic_has_ended_a_connection()
    {
        using var server = new EchoServer();
        var ends = new Ends();
        await using (TcpProxy proxy = await Start(server, observer: ends))
        {
            await proxy.AddToxicAsync(new RefuseToxic { Name = "outage" });
            await IsServed(proxy);
            await proxy.StopAsync();
        }

        await Assert.That(ends.Reports[0].Reason).IsEqualTo(EndReason.Toxic);
        await Assert.That(ends.Reports[0].Toxic).IsEqualTo("outage");
    }

    private static async Task<TcpProxy> Start(
        EchoServer server, TimeProvider? clock = null, long? seed = null, IConnectionObserver? observer = null)
    {
        var options = new TcpProxyOptions
        {
            Routes = { new() { Listen = { "127.0.0.1:0" }, Upstreams = { new() { Address = server.Address } } } },
            ToxicSeed = seed,
        };
        if (observer is not null)
        {
            options.ConnectionObservers.Add(observer);
        }

        var proxy = new TcpProxy(options, timeProvider: clock);
        await proxy.StartAsync();
        return proxy;
    }

    private static async Task<TcpClient> Connect(TcpProxy proxy)
    {
        var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)proxy.Endpoints[0]);
        return client;
    }

    private static async Task<bool> IsServed(TcpProxy proxy)
    {
        try
        {
            using TcpClient client = await Connect(proxy);
            return await Ask(client, "hello") == "hello";
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>What the server answers; null when the connection ends first.</summary>
    private static async Task<string?> Ask(TcpClient client, string text)
    {
        try
        {
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text));
            var answer = new byte[text.Length];
            await client.GetStream().ReadExactlyAsync(answer);
            return Encoding.UTF8.GetString(answer);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private sealed class Ends : IConnectionObserver
    {
        internal List<ConnectionReport> Reports { get; } = [];

        public void OnEnded(ConnectionReport connection) => Reports.Add(connection);
    }
}
