using ProxyCore.Connections;

namespace ProxyCore.Tests.Connections;

internal sealed class LifetimesTests
{
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(1000);

    [Test]
    public void Connections_that_came_together_end_evenly_over_the_last_tenth_of_the_longest_life()
    {
        double[] seconds = [.. Enumerable.Range(500, 1000).Select(static id => Lifetimes.Of(id, _longest).TotalSeconds)];

        Assert.That(seconds, Has.All.InRange(900, 1000));
        for (int i = 0; i < 10; i++)
        {
            int inTenth = seconds.Count(one => one >= 900 + (10 * i) && one < 910 + (10 * i));
            Assert.That(inTenth, Is.InRange(95, 105), $"between {900 + (10 * i)} s and {910 + (10 * i)} s");
        }
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(long.MaxValue)]
    public void The_longest_life_of_all_stays_within_its_bounds(long id) =>
        Assert.That(Lifetimes.Of(id, TimeSpan.FromDays(365)), Is.InRange(TimeSpan.FromDays(328.5), TimeSpan.FromDays(365)));
}
