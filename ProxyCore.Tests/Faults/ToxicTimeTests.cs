using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Faults;

/// <summary>Toxics on a clock that the tests move.</summary>
[TestFixture(1)]
[TestFixture(3)]
internal sealed class ToxicTimeTests(int loops) : ToxicFixture(loops)
{
    [Test]
    public async Task Toxic_with_a_duration_leaves_when_its_time_is_over()
    {
        await using RunningProxy proxy = await StartOnFakeClock();
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new RefuseToxic { Duration = TimeSpan.FromMinutes(5) });

        proxy.Clock!.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.That(await IsServed(proxy), Is.False);
        proxy.Clock.Advance(TimeSpan.FromTicks(1));

        Assert.That(proxy.Proxy.GetToxics(), Is.Empty);
        Assert.That(await toxic.RemoveAsync(), Is.False);
        Assert.That(await IsServed(proxy), Is.True);
    }

    [Test]
    public async Task New_duration_counts_from_the_update()
    {
        await using RunningProxy proxy = await StartOnFakeClock();
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new RefuseToxic { Duration = TimeSpan.FromMinutes(5) });
        proxy.Clock!.Advance(TimeSpan.FromMinutes(4));

        await toxic.UpdateAsync(new RefuseToxic { Duration = TimeSpan.FromMinutes(2) });
        proxy.Clock.Advance(TimeSpan.FromSeconds(119));
        Assert.That(await IsServed(proxy), Is.False);
        proxy.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That(await IsServed(proxy), Is.True);
    }

    [Test]
    public async Task Delayed_connection_waits_for_the_clock_and_goes_on_at_once_when_the_toxic_is_removed()
    {
        await using RunningProxy proxy = await StartOnFakeClock();
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new ConnectDelayToxic { Delay = TimeSpan.FromHours(1) });
        int before = Upstream.Accepted;
        using Peer first = await proxy.Connect();
        using Peer second = await proxy.Connect();
        await first.Send("hello");
        await HasActedOn(toxic, 2);

        proxy.Clock!.Advance(TimeSpan.FromMinutes(59));
        await proxy.OnEachLoop(static _ => true);
        Assert.That(Upstream.Accepted, Is.EqualTo(before));
        proxy.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await first.ReceiveText(5), Is.EqualTo("hello"));

        using Peer third = await proxy.Connect();
        await HasActedOn(toxic, 3);
        await toxic.RemoveAsync();
        await third.Echoes("hello");
        await second.Echoes("hello");
    }

    [Test]
    public async Task Proxy_that_does_not_run_takes_no_toxic_and_those_it_had_leave_only_when_they_are_removed()
    {
        await using RunningProxy proxy = await StartOnFakeClock();
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new RefuseToxic { Duration = TimeSpan.FromMinutes(1) });
        await proxy.Proxy.StopAsync();

        Assert.That(() => proxy.Proxy.AddToxicAsync(new NoOpToxic()), Throws.InvalidOperationException);
        Assert.That(proxy.Proxy.GetToxics(), Is.Empty);
        proxy.Clock!.Advance(TimeSpan.FromMinutes(1));
        Task<bool> removal = toxic.RemoveAsync();
        await Bound.Within("the removal", removal);
        Assert.That(await removal, Is.True, "its timer has gone with the proxy");
    }

    private static Task<bool> HasActedOn(ActiveToxic toxic, int connections) =>
        Bound.Within($"{connections} connections", async token =>
        {
            while (toxic.Connections < connections)
            {
                await Task.Delay(1, token);
            }

            return true;
        });
}
