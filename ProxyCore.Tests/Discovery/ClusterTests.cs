using System.Net;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;
using ProxyCore.Cli;
using ProxyCore.Cli.Discovery;
using ProxyCore.Settings;
using ProxyCore.Tests.Cli;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Structure;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Discovery;

/// <summary>The configuration for Kubernetes in docs/deploy/kubernetes-srv, at work before a DNS that answers as the cluster's does.</summary>
internal sealed class ClusterTests
{
    private const string Zone = "backend.default.svc.cluster.local";

    private readonly List<EchoUpstream> _pods = [];
    private FakeTimeProvider _clock = null!;
    private TestDns _dns = null!;
    private TemporaryFolder _folder = null!;
    private ConfigurationFile _file = null!;

    private static string Manifests => Path.Combine(Repository.Pages, "deploy", "kubernetes-srv");

    [SetUp]
    public void StartCluster()
    {
        _clock = new FakeTimeProvider();
        _dns = new TestDns();
        _folder = new TemporaryFolder();
        string json = KubernetesYaml.Deserialize<V1ConfigMap>(File.ReadAllText(Path.Combine(Manifests, "configmap.yaml")), strict: true).Data["proxycore.json"];
        string path = Path.Combine(_folder.FullName, "proxycore.json");
        File.WriteAllText(path, json);
        _file = new ConfigurationFile(
            new FileInfo(path),
            [
                new ConfigurationOverride("Dns:Servers:0", _dns.Endpoint.ToString(), "the test"),
                new ConfigurationOverride("Routes:0:Listen:0", "127.0.0.1:0", "the test"),
                new ConfigurationOverride("Routes:0:Balancing", "RoundRobin", "the test"),
            ]);
        for (int i = 1; i <= 3; i++)
        {
            _pods.Add(new EchoUpstream(new IPEndPoint(Address(i), i == 1 ? 0 : Port)));
        }
    }

    [TearDown]
    public async Task StopCluster()
    {
        foreach (EchoUpstream pod in _pods)
        {
            await pod.DisposeAsync();
        }

        _pods.Clear();
        await _dns.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Each_ready_pod_gets_connections_and_one_that_becomes_ready_or_leaves_is_followed()
    {
        Ready(1, 2);
        await using TcpProxy proxy = await Start();
        await Until(proxy, 1, 2);
        using Peer toFirst = await Peer.Connect(proxy.Endpoints[0]);
        using Peer toSecond = await Peer.Connect(proxy.Endpoints[0]);
        await toFirst.Echoes("hello");
        await toSecond.Echoes("hello");
        Assert.That(_pods.Select(static one => one.Accepted), Is.EqualTo([1, 1, 0]), "health checks aside");

        Ready(2, 3);
        await Until(proxy, 2, 3);

        await toFirst.Echoes("a pod that leaves finishes what it has");
        UpstreamSnapshot[] upstreams = [.. (await proxy.GetSnapshotAsync()).Routes[0].Upstreams];
        Assert.That(
            upstreams.Select(static one => (one.Address.Split('.')[0], one.State, one.Name)),
            Is.EqualTo(
            [
                ("127-0-2-2", UpstreamState.Up, $"srv:_http._tcp.{Zone}"), ("127-0-2-3", UpstreamState.Up, $"srv:_http._tcp.{Zone}"),
                ("127-0-2-1", UpstreamState.Draining, $"srv:_http._tcp.{Zone}"),
            ]));
    }

    [Test]
    public async Task Proxy_that_starts_before_any_pod_is_ready_serves_once_one_is()
    {
        await using TcpProxy proxy = await Start();
        await _dns.WasAsked(ZoneRecord.Srv, 1);
        UpstreamSnapshot before = (await proxy.GetSnapshotAsync()).Routes[0].Upstreams.Single();

        Ready(1);
        await Until(proxy, 1);
        using Peer client = await Peer.Connect(proxy.Endpoints[0]);

        await client.Echoes("hello");
        Assert.That((before.Address, before.State), Is.EqualTo(($"srv:_http._tcp.{Zone}", UpstreamState.Unresolved)));
    }

    [Test]
    public async Task Thirty_pods_do_not_fit_into_a_datagram_and_all_are_found()
    {
        int[] pods = [.. Enumerable.Range(1, 30)];
        Ready(pods);
        await using TcpProxy proxy = await Start();

        await Until(proxy, pods);

        Assert.That(_dns.Asked.Select(static one => one.IsTcp), Has.Some.True);
        Assert.That(_dns.CountOf(ZoneRecord.A), Is.Zero, "the addresses came with the SRV records");
    }

    private int Port => ((IPEndPoint)_pods[0].Endpoint).Port;

    private static IPAddress Address(int pod) => IPAddress.Parse($"127.0.2.{pod}");

    /// <summary>The zone as CoreDNS makes it of a headless service: a name for each pod, from its address.</summary>
    private void Ready(params int[] pods) => _dns.Serve(
    [
        .. pods.Select(pod => ZoneRecord.OfService($"_http._tcp.{Zone}", 0, 100 / pods.Length, Port, $"127-0-2-{pod}.{Zone}")),
        .. pods.Select(static pod => ZoneRecord.OfAddress($"127-0-2-{pod}.{Zone}", $"{Address(pod)}")),
    ]);

    private async Task<TcpProxy> Start()
    {
        CheckedOptions options = _file.Check();
        options.Options.Routes[0].HealthCheck = null;
        options.Options.Routes[0].SlowStart = TimeSpan.Zero;
        DnsSettings settings = ((SrvSource)options.Options.UpstreamSources["srv"]).Settings;
        options.Options.UpstreamSources["srv"] = new SrvSource(settings, new DnsResolver(settings), _clock);
        var proxy = new TcpProxy(options.Options, timeProvider: _clock);
        await proxy.StartAsync();
        return proxy;
    }

    /// <summary>Second after second goes by, until these pods are members.</summary>
    private async Task Until(TcpProxy proxy, params int[] pods)
    {
        string[] wanted = [.. pods.Select(static pod => $"127-0-2-{pod}.{Zone}").Order()];
        using var timeout = new CancellationTokenSource(Bound.Wait);
        while (!(await MembersOf(proxy)).SequenceEqual(wanted))
        {
            Assert.That(timeout.IsCancellationRequested, Is.False, "in vain: the pods are members");
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(2);
        }
    }

    private static async Task<IEnumerable<string>> MembersOf(TcpProxy proxy) => (await proxy.GetSnapshotAsync(mostConnections: 0)).Routes[0].Upstreams
        .Where(static one => one.State == UpstreamState.Up).Select(static one => one.Address.Split(':')[0]).Order();
}
