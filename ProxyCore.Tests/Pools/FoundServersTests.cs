using System.Net;
using ProxyCore.Upstreams;

namespace ProxyCore.Tests.Pools;

/// <summary>What becomes of the list of a source.</summary>
internal sealed class FoundServersTests
{
    [Test]
    public void Order_of_the_list_does_not_matter()
    {
        UpstreamTarget[] targets = [Target("b", priority: 1), Target("a", priority: 1), Target("c"), Target("d", port: 2), Target("d", port: 1)];

        Assert.That(
            FoundServers.Read(targets).All.Select(static one => (one.Name, one.PriorityGroup)),
            Is.EqualTo([("c:1", 0), ("d:1", 0), ("d:2", 0), ("a:1", 1), ("b:1", 1)]));
        Assert.That(FoundServers.Read([.. targets.Reverse()]).All, Is.EqualTo(FoundServers.Read(targets).All));
    }

    [TestCase(new[] { 1, 2, 3 }, new[] { 1, 2, 3 })]
    [TestCase(new[] { 0, 0 }, new[] { 1, 1 })]
    [TestCase(new[] { 0, 1, 1 }, new[] { 1, 1000, 1000 })]
    [TestCase(new[] { 0, 100, 50 }, new[] { 1, 1000, 500 })]
    [TestCase(new[] { 65535, 1, 32768 }, new[] { 1000, 1, 500 })]
    [TestCase(new[] { 1000 }, new[] { 1000 })]
    public void Weights_are_scaled_only_where_they_must_be_and_none_gets_nothing(int[] weights, int[] expected)
    {
        UpstreamTarget[] targets = [.. weights.Select(static (weight, i) => Target($"host{i}", weight: weight))];

        Assert.That(FoundServers.Read(targets).All.Select(static one => one.Weight), Is.EqualTo(expected));
    }

    [Test]
    public void Weights_are_scaled_within_a_priority() => Assert.That(
        FoundServers.Read([Target("a", weight: 5), Target("b", weight: 65535, priority: 1), Target("c", weight: 0, priority: 1)]).All.Select(static one => one.Weight),
        Is.EqualTo([5, 1000, 1]));

    [TestCase("Host.Example.", "host.example:1")]
    [TestCase("192.0.2.1", "192.0.2.1:1")]
    [TestCase("2001:db8::1", "[2001:db8::1]:1")]
    [TestCase("localhost", "localhost:1")]
    public void Host_may_be_a_name_or_an_address(string host, string name) =>
        Assert.That(FoundServers.Read([Target(host)]).All.Single().Name, Is.EqualTo(name));

    [TestCase("")]
    [TestCase("*")]
    [TestCase("unix:/run/x")]
    [TestCase("-x.example")]
    [TestCase("1.2.3")]
    [TestCase("a..b")]
    public void What_is_no_host_is_left_out(string host)
    {
        var servers = FoundServers.Read([Target(host), Target("good")]);

        Assert.That(servers.All.Select(static one => one.Name), Is.EqualTo(["good:1"]));
        Assert.That(servers.Faults, Has.Count.EqualTo(1));
    }

    [Test]
    public void Server_that_is_there_twice_counts_once_with_the_lower_priority()
    {
        FoundServer only = FoundServers.Read([Target("a", weight: 9, priority: 5), Target("A.", weight: 2)]).All.Single();

        Assert.That((only.Weight, only.PriorityGroup), Is.EqualTo((2, 0)));
    }

    [Test]
    public void Longer_list_is_cut_and_what_comes_last_by_priority_is_left_out()
    {
        var servers = FoundServers.Read([.. Enumerable.Range(0, 1001).Select(static i => Target($"host{i}", priority: 1001 - i))]);

        Assert.That(servers.All, Has.Count.EqualTo(1000));
        Assert.That(servers.All.Select(static one => one.Name), Has.None.EqualTo("host0:1"));
        Assert.That(servers.Faults, Is.EqualTo(["only 1000 of 1001 are used"]));
    }

    [Test]
    public void Null_and_numbers_out_of_range_are_left_out() => Assert.That(
        FoundServers.Read([null, Target("a", port: 65536), Target("b", port: -1), Target("c", weight: -1), Target("d", priority: 65536)]).All, Is.Empty);

    private static UpstreamTarget Target(string host, int port = 1, int weight = 1, int priority = 0) =>
        new() { Host = host, Port = port, Weight = weight, Priority = priority, Addresses = [IPAddress.Loopback] };
}
