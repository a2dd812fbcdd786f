using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ProxyCore.Cli.Admin;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Admin;

internal sealed class SnapshotTests
{
    [Test]
    public async Task It_tells_what_happens()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, static route => route.Name = "web");
        await using RunningAdmin admin = await RunningAdmin.WithToken(() => proxy.Proxy);
        using Peer client = await proxy.Connect();
        await client.Echoes("twelve bytes");

        using HttpResponseMessage response = await admin.Send(HttpMethod.Get, "/api/snapshot", RunningAdmin.Token);
        using JsonDocument json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        JsonElement root = json.RootElement;
        JsonElement route = root.GetProperty("routes").EnumerateArray().Single();
        JsonElement connection = root.GetProperty("connections").EnumerateArray().Single();
        Assert.Multiple(() =>
        {
            Assert.That(root.GetProperty("time").GetDateTime(), Is.EqualTo(DateTime.UtcNow).Within(TimeSpan.FromMinutes(1)));
            Assert.That(root.GetProperty("version").GetString(), Does.Match(@"^\d+\.\d+\.\d+"));
            Assert.That(root.GetProperty("state").GetString(), Is.EqualTo("Running"));
            Assert.That(root.GetProperty("uptimeSeconds").GetDouble(), Is.Positive);
            Assert.That(root.GetProperty("maxConnections").GetInt32(), Is.Positive);
            Assert.That(root.GetProperty("canEnd").GetBoolean(), Is.True);
            Assert.That(root.GetProperty("loops").GetArrayLength(), Is.EqualTo(1));

            Assert.That(route.GetProperty("name").GetString(), Is.EqualTo("web"));
            Assert.That(route.GetProperty("endpoints")[0].GetString(), Is.EqualTo(proxy.Endpoint.ToString()));
            Assert.That(route.GetProperty("upstreams")[0].GetProperty("address").GetString(), Is.EqualTo(upstream.Endpoint.ToString()));
            Assert.That(route.GetProperty("upstreams")[0].GetProperty("maxConnections").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(route.GetProperty("upstreams")[0].GetProperty("state").GetString(), Is.EqualTo("Up"));

            Assert.That(connection.GetProperty("id").GetInt64(), Is.EqualTo(1));
            Assert.That(connection.GetProperty("client").GetString(), Is.EqualTo(client.Socket.LocalEndPoint!.ToString()));
            Assert.That(connection.GetProperty("phase").GetString(), Is.EqualTo("relaying"));
            Assert.That(connection.GetProperty("bytesToUpstream").GetInt64(), Is.EqualTo(12));
        });
        foreach (JsonElement statistics in (JsonElement[])[root.GetProperty("statistics"), route.GetProperty("statistics")])
        {
            Assert.That(statistics.GetProperty("active").GetInt64(), Is.EqualTo(1));
            Assert.That(statistics.GetProperty("bytesToClients").GetInt64(), Is.EqualTo(12));
            Assert.That(
                statistics.GetProperty("ended").EnumerateObject().Select(static entry => entry.Name),
                Is.EqualTo(Enum.GetNames<EndReason>()));
        }
    }

    [TestCase("</script><script>alert(1)</script>")]
    [TestCase("\"}]}\u2028\u0000\u202E\\")]
    public async Task Names_are_escaped_in_json(string name)
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, route => route.Name = name);
        await using RunningAdmin admin = await RunningAdmin.WithoutToken(() => proxy.Proxy);

        string text = await admin.Http.GetStringAsync("/api/snapshot");

        Assert.That(text, Has.None.InRange('\u0000', '\u001F'));
        Assert.That(text, Does.Not.Contain("<").And.Not.Contains(">").And.Not.Contains("\u2028").And.Not.Contains("\u202E"));
        using JsonDocument json = JsonDocument.Parse(text);
        Assert.That(json.RootElement.GetProperty("routes")[0].GetProperty("name").GetString(), Is.EqualTo(name));
    }

    [Test]
    public async Task One_is_taken_a_second_however_many_ask()
    {
        var clock = new FakeTimeProvider();
        int taken = 0;
        var answer = new TaskCompletionSource<ProxySnapshot>();
        var shared = new SharedSnapshot(Take, canEnd: false, static _ => [], clock, NullLogger.Instance);

        Task<byte[]?>[] waiting = [.. Enumerable.Range(0, 100).Select(_ => shared.GetAsync())];
        Assert.That(taken, Is.EqualTo(1));
        answer.SetResult(Empty());
        byte[]?[] answers = await Task.WhenAll(waiting);
        Assert.That(answers, Is.All.SameAs(answers[0]));

        clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.That(await shared.GetAsync(), Is.SameAs(answers[0]));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(await shared.GetAsync(), Is.Not.SameAs(answers[0]));
        Assert.That(taken, Is.EqualTo(2));

        Task<ProxySnapshot> Take(CancellationToken cancellationToken)
        {
            taken++;
            return answer.Task;
        }
    }

    [Test]
    public async Task A_proxy_that_does_not_answer_is_not_waited_for_without_end_and_told_of_once()
    {
        var clock = new FakeTimeProvider();
        var log = new RecordedLog(LogLevel.Warning);
        var shared = new SharedSnapshot(
            static _ => new TaskCompletionSource<ProxySnapshot>().Task, canEnd: false, static _ => [], clock, log);

        Task<byte[]?>[] asked = [.. Enumerable.Range(0, 100).Select(_ => shared.GetAsync())];
        clock.Advance(SharedSnapshot.LongestWait);

        Assert.That(await Task.WhenAll(asked).WaitAsync(Bound.Wait), Is.All.Null);
        Assert.That(log.CountOf("NoSnapshot"), Is.EqualTo(1));
    }

    private static ProxySnapshot Empty() => new()
    {
        Time = DateTimeOffset.UnixEpoch,
        State = ProxyState.Running,
        Uptime = TimeSpan.Zero,
        MaxConnections = 1,
        Statistics = new TcpProxyStatistics(),
        Routes = [],
        Loops = [],
        Connections = [],
    };
}
