using ProxyCore.Connections.Connecting;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Connections;

/// <summary>The bounds of a client's way to its upstream hold for the whole way.</summary>
internal sealed class ConnectBudgetTests
{
    private static readonly RouteSettings _route = OptionsReader.Read(new TcpProxyOptions
    {
        Routes =
        {
            new RouteOptions
            {
                Listen = { "0" },
                Upstreams = { new UpstreamOptions { Address = "1" } },
                ConnectTimeout = Seconds(5),
                ConnectAttempts = 3,
                QueueTimeout = Seconds(10),
            },
        },
    }).Settings.Routes[0];

    [Test]
    public void Time_in_the_queue_is_not_taken_from_the_time_to_connect()
    {
        var budget = new ConnectBudget(_route, Seconds(100));
        budget.EnterQueue(Seconds(101));
        budget.LeaveQueue(Seconds(108));

        Assert.That(budget.TimeLeft(Seconds(108)), Is.EqualTo(Seconds(4)));
    }

    [Test]
    public void Time_in_the_queue_is_bounded_over_all_waits_together()
    {
        var budget = new ConnectBudget(_route, Seconds(0));
        budget.EnterQueue(Seconds(0));
        budget.LeaveQueue(Seconds(6));
        budget.EnterQueue(Seconds(7));

        Assert.That(budget.QueueTimeLeft, Is.EqualTo(Seconds(4)));
    }

    [Test]
    public void Leaving_the_queue_twice_counts_once()
    {
        var budget = new ConnectBudget(_route, Seconds(0));
        budget.EnterQueue(Seconds(0));
        budget.LeaveQueue(Seconds(6));
        budget.LeaveQueue(Seconds(9));

        Assert.That((budget.QueueTimeLeft, budget.TimeLeft(Seconds(9))), Is.EqualTo((Seconds(4), Seconds(2))));
    }

    [Test]
    public void Upstreams_that_may_follow_get_an_equal_share_of_the_time_that_is_left()
    {
        var budget = new ConnectBudget(_route, Seconds(0));

        Assert.That(budget.ShareOfTimeLeft(Seconds(2), others: 2), Is.EqualTo(Seconds(1)));
    }

    [Test]
    public void A_pause_follows_each_round_but_the_last()
    {
        var budget = new ConnectBudget(_route, Seconds(0));

        Assert.That(budget.TryPause(Seconds(0), out TimeSpan first), Is.True);
        Assert.That(budget.TryPause(Seconds(1), out TimeSpan second), Is.True);
        Assert.That((first, second), Is.EqualTo((Seconds(0.2), Seconds(1))));
        Assert.That(budget.TryPause(Seconds(2), out _), Is.False);
    }

    [Test]
    public void A_pause_that_would_outlast_the_time_to_connect_is_not_begun()
    {
        var budget = new ConnectBudget(_route, Seconds(0));

        Assert.That(budget.TryPause(Seconds(4.8), out _), Is.False);
        Assert.That(budget.TryPause(Seconds(4.7), out _), Is.True);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
