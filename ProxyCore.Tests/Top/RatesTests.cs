using ProxyCore.Cli.Admin;
using ProxyCore.Cli.Top;

namespace ProxyCore.Tests.Top;

/// <summary>What happened a second between two snapshots.</summary>
internal sealed class RatesTests
{
    [Test]
    public void Differences_are_divided_by_the_time_between()
    {
        var rates = Rates.Between(Views.Proxy(uptime: 10, accepted: 100, bytes: 1000, busy: 1), Views.Proxy(uptime: 12, accepted: 150, bytes: 3000, busy: 2));

        Assert.That((rates.Accepted, rates.ToUpstreams, rates.ToClients), Is.EqualTo((25d, 1000d, 2000d)));
        Assert.That(rates.Busy[1], Is.EqualTo(0.5));
    }

    [Test]
    public void Proxy_that_was_started_anew_has_no_rates_at_first()
    {
        SnapshotView before = Views.Proxy(uptime: 10, accepted: 100, bytes: 1000, busy: 9);

        foreach (SnapshotView now in (SnapshotView[])[Views.Proxy(uptime: 2, accepted: 200, bytes: 3000, busy: 1), Views.Proxy(uptime: 12, accepted: 3, bytes: 3000, busy: 10), before])
        {
            var rates = Rates.Between(before, now);

            Assert.That((rates.Accepted, rates.ToUpstreams, rates.ToClients, rates.Busy[1]), Is.EqualTo((0d, 0d, 0d, 0d)));
        }
    }
}
