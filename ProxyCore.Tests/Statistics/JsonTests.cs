using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using ProxyCore.Diagnostics;
using ProxyCore.Tests.AccessLogs;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Statistics;

/// <summary>System.Text.Json writes snapshots and reports so that people can read them, without any help of the user.</summary>
internal sealed partial class JsonTests
{
    [Test]
    public async Task Snapshot_of_a_running_proxy_is_readable_json_and_can_be_read_again()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, static route => route.Name = "web");
        using Peer client = await proxy.Connect();
        await client.Echoes("hello");
        await proxy.HasRelayed(ConnectionSide.Upstream, 5);

        string json = JsonSerializer.Serialize(await proxy.Proxy.GetSnapshotAsync());

        Assert.Multiple(() =>
        {
            Assert.That(json, Does.Contain("\"State\":\"Running\""));
            Assert.That(json, Does.Contain("\"Ended\":{\"ClientFin\":0,\"UpstreamFin\":0,"));
            Assert.That(json, Does.Contain("\"State\":\"Up\""));
            Assert.That(json, Does.Contain($"\"Client\":\"{client.Socket.LocalEndPoint}\""));
            Assert.That(json, Does.Contain("\"Phase\":\"relaying\""));
        });
        ProxySnapshot read = JsonSerializer.Deserialize<ProxySnapshot>(json)!;
        Assert.That(JsonSerializer.Serialize(read), Is.EqualTo(json));
    }

    [Test]
    public void Source_generated_serializers_write_the_same()
    {
        ConnectionReport report = Sample.Report();

        string json = JsonSerializer.Serialize(report, Generated.Default.ConnectionReport);

        Assert.That(json, Is.EqualTo(JsonSerializer.Serialize(report)));
        Assert.That(json, Does.Contain("\"Client\":\"192.0.2.7:51234\"").And.Contains("\"Reason\":\"ClientFin\"").And.Contains("\"EndedBy\":\"client\""));
    }

    [TestCase("192.0.2.7:80")]
    [TestCase("[2001:db8::1]:80")]
    [TestCase("unix:/run/db.sock")]
    public void Address_can_be_written_and_read(string text)
    {
        EndPoint address = text.StartsWith("unix:", StringComparison.Ordinal)
            ? new UnixDomainSocketEndPoint(text[5..]) : IPEndPoint.Parse(text);

        string json = JsonSerializer.Serialize(Sample.Report(client: address));

        Assert.That(json, Does.Contain($"\"Client\":\"{text}\""));
        Assert.That(JsonSerializer.Deserialize<ConnectionReport>(json)!.Client, Is.EqualTo(address));
    }

    [Test]
    public void Text_that_is_no_address_is_refused() => Assert.That(
        static () => JsonSerializer.Deserialize<ConnectionReport>("""{"Id":1,"Route":"web","Client":"nowhere"}"""),
        Throws.InstanceOf<JsonException>());

    [Test]
    public void Phases_and_sides_have_the_words_of_the_access_log()
    {
        foreach (ConnectionPhase phase in Enum.GetValues<ConnectionPhase>())
        {
            Assert.That(JsonSerializer.Serialize(phase), Is.EqualTo($"\"{ConnectionNames.Of(phase)}\""));
        }

        foreach (ConnectionSide side in Enum.GetValues<ConnectionSide>())
        {
            Assert.That(JsonSerializer.Serialize(side), Is.EqualTo($"\"{ConnectionNames.Of(side)}\""));
        }
    }

    [Test]
    public void Report_tells_itself_to_a_debugger() => Assert.That(
        Sample.Report().ToString(),
        Is.EqualTo("42 web 192.0.2.7:51234 10.0.0.2:5432 ClientFin client/relaying attempts=1 up=1234 down=56789 connect=0.8ms first=2.1ms duration=1.204s sender=- destination=- name=- alpn=- tls=- cipher=- subject=- upstreamTls=- toxic=-"));

    [JsonSerializable(typeof(ConnectionReport))]
    [JsonSerializable(typeof(ProxySnapshot))]
    private sealed partial class Generated : JsonSerializerContext;
}
