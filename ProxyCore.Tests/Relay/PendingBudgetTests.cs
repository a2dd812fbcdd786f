using ProxyCore.Relay;

namespace ProxyCore.Tests.Relay;

internal sealed class PendingBudgetTests
{
    private const int Most = 256 * 1024;

    [TestCase(10 * Most, 0, Most, TestName = "While_much_is_left_a_direction_may_hold_what_is_configured")]
    [TestCase(10 * Most, (9 * Most) + 1000, Most - 1000, TestName = "Near_the_limit_it_may_hold_what_is_left")]
    [TestCase(10 * Most, 10 * Most, PendingBudget.LeastForOne, TestName = "At_the_limit_it_may_hold_a_little")]
    [TestCase(0, 20 * Most, PendingBudget.LeastForOne, TestName = "Beyond_the_limit_it_may_hold_a_little")]
    public void Directions_share_what_there_is(int limit, int used, int expected)
    {
        var budget = new PendingBudget(limit);
        budget.Add(used);

        Assert.That(budget.Allow(Most), Is.EqualTo(expected));
    }

    [Test]
    public void A_direction_never_holds_more_than_is_configured_for_one() =>
        Assert.That(new PendingBudget(0).Allow(1024), Is.EqualTo(1024));

    [Test]
    public void What_is_returned_can_be_held_by_others()
    {
        var budget = new PendingBudget(Most);
        budget.Add(Most);
        budget.Add(-Most);

        Assert.That((budget.Used, budget.Allow(Most)), Is.EqualTo((0L, Most)));
    }
}
