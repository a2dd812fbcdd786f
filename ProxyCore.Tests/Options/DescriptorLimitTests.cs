using ProxyCore.Connections.Sockets;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Options;

internal sealed class DescriptorLimitTests
{
    [TestCase(0, 1)]
    [TestCase(1, 1)]
    [TestCase(8, 3)]
    [TestCase(256, 96)]
    [TestCase(512, 192)]
    [TestCase(1024, 448)]
    [TestCase(20_000, 9936)]
    [TestCase(64_128, 32_000)]
    [TestCase(1_048_576, 32_000)]
    [TestCase(long.MaxValue, 32_000)]
    public void FitInto_leaves_a_reserve_and_stays_within_what_Select_takes(long limit, int connections) =>
        Assert.That(DescriptorLimit.FitInto(limit), Is.EqualTo(connections));

    [TestCase(1024, 1, 448)]
    [TestCase(1024, 2, 444)]
    [TestCase(1024, 17, 384)]
    [TestCase(1024, 64, 384)]
    public void Further_loops_need_descriptors_of_their_own(long limit, int loops, int connections) =>
        Assert.That(DescriptorLimit.FitInto(limit, loops), Is.EqualTo(connections));

    [TestCase(1024, 0, 448)]
    [TestCase(1024, 100, 398)]
    [TestCase(1024, 5000, 384)]
    public void Each_upstream_that_is_checked_keeps_a_descriptor_in_reserve(long limit, int checks, int connections) =>
        Assert.That(DescriptorLimit.FitInto(limit, loops: 1, checks), Is.EqualTo(connections));

    [TestCase(400, true, 1024, new string[0])]
    [TestCase(448, true, 1024, new string[0])]
    [TestCase(449, true, 1024, new[] { "MaxConnections is 449, which needs 1026 descriptors, but the limit of the process (RLIMIT_NOFILE) is 1024: 448 connections fit" })]
    [TestCase(32_000, false, 1_000_000, new string[0])]
    [TestCase(70_000, false, 1_000_000, new[] { "MaxConnections is 70000, but without parking Select can watch 32000 connections: 32000 is the maximum" })]
    public void Maximum_that_can_not_be_reached_is_warned_of_with_both_figures(int maximum, bool parks, long limit, string[] warnings) =>
        Assert.That(DescriptorLimit.Warnings(Settings(maximum, parks), limit), Is.EqualTo(warnings));

    [Test]
    [Platform("Linux", Reason = "Only there are sockets parked.")]
    public void Maximum_that_is_configured_is_bounded_by_what_Select_can_watch_only_where_nothing_is_parked()
    {
        Assert.That(DescriptorLimit.MaxConnections(Settings(70_000, parks: false)), Is.EqualTo(32_000));
        Assert.That(DescriptorLimit.MaxConnections(Settings(70_000, parks: true)), Is.EqualTo(70_000));
    }

    private static ProxySettings Settings(int maximum, bool parks) => OptionsReader.Read(new TcpProxyOptions
    {
        MaxConnections = maximum,
        ParkIdleSockets = parks,
        Routes = { new RouteOptions { Listen = { "0" }, Upstreams = { new UpstreamOptions { Address = "1" } } } },
    }).Settings;

    [Test]
    public void The_default_is_a_number_of_connections_that_can_be_served() =>
        Assert.That(
            DescriptorLimit.MaxConnections(OptionsReader.Read(new TcpProxyOptions
            {
                Routes = { new RouteOptions { Listen = { "0" }, Upstreams = { new UpstreamOptions { Address = "1" } } } },
            }).Settings),
            Is.InRange(1, 32_000));
}
