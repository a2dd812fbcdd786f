using ProxyCore.Connections;
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

    [Test]
    public void The_default_is_a_number_of_connections_that_can_be_served() =>
        Assert.That(
            DescriptorLimit.MaxConnections(OptionsReader.Read(new TcpProxyOptions
            {
                Routes = { new RouteOptions { Listen = { "0" }, Upstreams = { new UpstreamOptions { Address = "1" } } } },
            })),
            Is.InRange(1, 32_000));
}
