using ProxyCore.Connections.Listening;
using ProxyCore.Settings;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;
using ProxyCore.Upstreams;

namespace ProxyCore.Tests.Pools;

internal sealed class RetryBudgetTests
{
    [TestCase(0.2, 0, 4, 0)]
    [TestCase(0.2, 0, 5, 1)]
    [TestCase(0.2, 0, 100, 20)]
    [TestCase(0.29, 0, 100, 29)]
    [TestCase(0.1, 0, 30, 3)]
    [TestCase(1, 0, 7, 7)]
    [TestCase(0, 2, 100, 20)]
    [TestCase(0.2, 1, 50, 20)]
    public void Budget_is_the_share_of_the_clients_and_the_minimum_of_ten_seconds(double share, int minimum, int clients, int expected)
    {
        var budget = new RetryBudget(new RetryBudgetSettings(share, minimum));
        Come(budget, clients, At(0));

        Assert.That(Spend(budget, At(0)), Is.EqualTo(expected));
    }

    [Test]
    public void Clients_and_retries_count_for_ten_seconds()
    {
        var budget = new RetryBudget(new RetryBudgetSettings(Share: 0.5, Minimum: 0));
        Come(budget, 10, At(100));
        Come(budget, 4, At(105));

        Assert.That(Spend(budget, At(109)), Is.EqualTo(7), "all 14 clients");
        Assert.That(Spend(budget, At(115)), Is.Zero, "no client, and the retries of 109");
        Come(budget, 4, At(119));
        Assert.That(Spend(budget, At(119)), Is.EqualTo(2), "the retries of 109 are forgotten");
        Come(budget, 2, At(10_000));
        Assert.That(Spend(budget, At(10_000)), Is.EqualTo(1));
    }

    [Test]
    public async Task Client_beyond_the_budget_is_refused_at_once_with_the_reason_of_its_failure_and_the_log_says_so_once()
    {
        using var refused = new RefusedEndpoint();
        using var other = new RefusedEndpoint();
        await using RunningProxy proxy = await Start(refused, share: 0, minimum: 0, route => route.Add(other.Endpoint));

        for (int i = 1; i <= 3; i++)
        {
            using Peer client = await proxy.Connect();
            await client.ReceivesReset();
            await proxy.Ended(i);
        }

        Assert.That(proxy.Proxy.GetStatistics().Ended[EndReason.ConnectRefused], Is.EqualTo(3));
        Assert.That(proxy.Log.CountOf("Connecting"), Is.EqualTo(3), "neither the other upstream nor another round");
        Assert.That(
            proxy.Log.TextsOf("RetryBudgetUsedUp"),
            Is.EqualTo(["Route route1: the retry budget is used up; until there is room again, clients whose connect fails are refused at once"]));
        await proxy.HoldsNothing();

        proxy.Clock!.Advance(TimeSpan.FromSeconds(11));
        using Peer later = await proxy.Connect();
        await later.ReceivesReset();
        await proxy.Log.Saw("RetryBudgetUsedUp", 2);
    }

    [Test]
    public async Task Within_the_budget_clients_go_on_to_the_next_upstream()
    {
        using var refused = new RefusedEndpoint();
        await using var echo = new EchoUpstream();
        await using RunningProxy proxy = await Start(refused, share: 0.5, minimum: 0, route => route.Add(echo.Endpoint));

        // The budget is a half of the clients that have come: every second one has a retry.
        for (int i = 1; i <= 3; i++)
        {
            using Peer without = await proxy.Connect();
            await without.ReceivesReset();
            using Peer with = await proxy.Connect();
            await with.Echoes("hello");
        }

        Assert.That((await proxy.Ended(3)).Ended[EndReason.ConnectRefused], Is.EqualTo(3));
    }

    [Test]
    public async Task Budget_that_is_used_up_during_the_pause_ends_the_next_round()
    {
        using var refused = new RefusedEndpoint();
        await using RunningProxy proxy = await Start(refused, share: 0.5, minimum: 0);
        using Peer first = await proxy.Connect();
        await first.ReceivesReset();
        using Peer second = await proxy.Connect();
        using Peer third = await proxy.Connect();
        await proxy.Log.Saw("AllTried", 2);

        // Three clients pay for one retry.
        proxy.Clock!.Advance(TimeSpan.FromMilliseconds(200));
        await second.ReceivesReset();
        await third.ReceivesReset();

        Assert.That((await proxy.Ended(3)).Ended[EndReason.ConnectRefused], Is.EqualTo(3));
        Assert.That(proxy.Log.CountOf("Connecting"), Is.EqualTo(4));
    }

    [Test]
    public async Task Budget_is_the_whole_routes_on_several_loops()
    {
        using var refused = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.OnLoops(
            2, ClientSpread.HandOver, refused.Endpoint, static route => route.RetryBudget = new() { Share = 0, Minimum = 0 });

        for (int i = 1; i <= 4; i++)
        {
            using Peer client = await proxy.Connect();
            await client.ReceivesReset();
        }

        Assert.That((await proxy.Ended(4)).Ended[EndReason.ConnectRefused], Is.EqualTo(4));
        Assert.That((proxy.Log.CountOf("Connecting"), proxy.Log.CountOf("RetryBudgetUsedUp")), Is.EqualTo((4, 1)));
    }

    private static Task<RunningProxy> Start(RefusedEndpoint upstream, double share, int minimum, Action<RouteOptions>? configure = null) =>
        RunningProxy.OnFakeClock(upstream.Endpoint, route =>
        {
            route.RetryBudget = new RetryBudgetOptions { Share = share, Minimum = minimum };
            route.Balancing = BalancingNames.FirstAvailable;
            route.PassiveHealth.Failures = 0;
            configure?.Invoke(route);
        });

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static void Come(RetryBudget budget, int clients, TimeSpan now)
    {
        for (int i = 0; i < clients; i++)
        {
            budget.CountClient(now);
        }
    }

    private static int Spend(RetryBudget budget, TimeSpan now)
    {
        int spent = 0;
        for (; budget.AllowsRetry(now); spent++)
        {
            budget.CountRetry(now);
        }

        return spent;
    }
}
