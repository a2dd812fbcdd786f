using ProxyCore.Connections.Counting;

namespace ProxyCore.Tests.Statistics;

/// <summary>Every reason has a count of its own, whatever its number is.</summary>
internal sealed class EndCountsTests
{
    [Test]
    public void Each_reason_is_counted_on_its_own([Values] EndReason reason)
    {
        var counters = new TrafficCounters();
        var sum = new TrafficSum();
        counters.CountEnded(reason);
        counters.AddTo(sum);
        counters.AddTo(sum);

        IReadOnlyDictionary<EndReason, long> ended = sum.ToStatistics().Ended;
        Assert.That(ended.Keys, Is.EqualTo(Enum.GetValues<EndReason>()));
        Assert.That(ended[reason], Is.EqualTo(2));
        Assert.That(ended.Values.Sum(), Is.EqualTo(2));
    }

    [Test]
    public void Statistics_that_a_user_makes_have_every_reason_too()
    {
        var statistics = new TcpProxyStatistics
        {
            Accepted = 5,
            Ended = new Dictionary<EndReason, long> { [EndReason.OutOfResources] = 2 },
        };

        Assert.That(statistics.Ended.Keys, Is.EqualTo(Enum.GetValues<EndReason>()));
        Assert.That(statistics.Active, Is.EqualTo(3));
        Assert.That(() => new TcpProxyStatistics { Ended = null! }, Throws.ArgumentNullException);
    }

    /// <summary>The numbers are part of the contract: programs store them.</summary>
    [TestCase(EndReason.ClientFin, 0)]
    [TestCase(EndReason.Fault, 19)]
    [TestCase(EndReason.OutOfResources, 20)]
    public void The_number_of_a_reason_does_not_change(EndReason reason, int number) => Assert.That((int)reason, Is.EqualTo(number));

    [Test]
    public void The_proxy_itself_ends_what_it_lacks_resources_for()
    {
        Assert.That(EndReason.OutOfResources.EndedBy(), Is.Null);
        Assert.That(EndReason.OutOfResources.IsOrderly(), Is.False);
    }
}
