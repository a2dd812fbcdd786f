using ProxyCore;

namespace CustomBalancing.Tests;

public class FillFirstTests
{
    private static readonly ClientInfo _anybody = new("web", address: null);

    [TestCase(0, 0, "first")]
    [TestCase(2, 0, "first")]
    [TestCase(3, 0, "second")]
    [TestCase(3, 2, "second")]
    [TestCase(5, 4, "second", Description = "all have enough")]
    public void First_that_has_not_enough_is_chosen(int first, int second, string chosen)
    {
        Upstream[] upstreams = [new("first", weight: 1, first), new("second", weight: 1, second)];

        Assert.That(new FillFirst(enough: 3).Choose(upstreams, _anybody).Address, Is.EqualTo(chosen));
    }
}
