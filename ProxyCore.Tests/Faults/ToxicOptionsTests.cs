using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Faults;

/// <summary>Toxics of a running proxy, and options that are applied to it.</summary>
[TestFixture(1)]
[TestFixture(3)]
internal sealed class ToxicOptionsTests(int loops) : ToxicFixture(loops)
{
    [Test]
    public async Task Toxic_added_at_run_time_stays_when_other_options_are_applied()
    {
        await using RunningProxy proxy = await Start();
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new RefuseToxic());

        TcpProxyOptions options = proxy.Proxy.GetOptions();
        options.Routes[0].ConnectTimeout = TimeSpan.FromSeconds(9);
        await proxy.Proxy.ApplyAsync(options);

        Assert.That(await IsServed(proxy), Is.False);
        Assert.That(await toxic.RemoveAsync(), Is.True);
        Assert.That(await IsServed(proxy), Is.True);
    }

    [Test]
    public async Task Toxics_of_the_options_follow_them_on_open_connections_too()
    {
        await using RunningProxy proxy = await Start(route => route.Toxics.Add(new RefuseToxic { SkipConnections = 1 }));
        using Peer open = await proxy.Connect();
        await open.Echoes("hello");
        Assert.That(await IsServed(proxy), Is.False);

        TcpProxyOptions options = proxy.Proxy.GetOptions();
        options.Routes[0].Toxics.Clear();
        options.Routes[0].Toxics.Add(new CloseToxic { Stream = ToxicDirection.Upstream, Scope = ToxicScope.OpenConnections });
        await proxy.Proxy.ApplyAsync(options);

        Assert.That(await IsServed(proxy), Is.True);
        await open.Send("hello");
        await open.ReceivesReset();
    }

    [Test]
    public async Task What_was_changed_by_hand_stays_until_the_options_say_something_new_about_it()
    {
        await using RunningProxy proxy = await Start(route =>
        {
            route.Toxics.Add(new RefuseToxic { Name = "one" });
            route.Toxics.Add(new RefuseToxic { Name = "two" });
        });
        ActiveToxic[] toxics = [.. proxy.Proxy.GetToxics()];
        await toxics[0].UpdateAsync(new RefuseToxic { Toxicity = 0 });
        await toxics[1].RemoveAsync();

        TcpProxyOptions options = proxy.Proxy.GetOptions();
        options.Routes[0].ConnectTimeout = TimeSpan.FromSeconds(9);
        await proxy.Proxy.ApplyAsync(options);
        Assert.That(await IsServed(proxy), Is.True);

        options.Routes[0].Toxics[1].TakeConnections = 1;
        await proxy.Proxy.ApplyAsync(options);
        Assert.That(await Fates(proxy, 2), Is.EqualTo("x."));
        Assert.That(proxy.Proxy.GetToxics().Select(static toxic => toxic.Name), Is.EqualTo(["one", "two"]));
    }
}
