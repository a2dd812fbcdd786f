using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Faults;

/// <summary>Toxics of a running proxy: how they are added, changed and removed.</summary>
[TestFixture(1)]
[TestFixture(3)]
internal sealed class ProxyToxicsTests(int loops) : ToxicFixture(loops)
{
    [Test]
    public async Task Toxic_acts_until_it_is_disposed_of_and_the_open_connection_lives_on()
    {
        await using RunningProxy proxy = await Start();
        using Peer client = await proxy.Connect();
        await client.Echoes("before");

        ActiveToxic stall = await proxy.Proxy.AddToxicAsync(new StallToxic());
        await client.Send("held");
        await proxy.HasRelayed(ConnectionSide.Client, "beforeheld".Length);
        Assert.That(proxy.Proxy.GetStatistics().BytesToClients, Is.EqualTo("before".Length));
        await stall.DisposeAsync();

        Assert.That(await client.ReceiveText(4), Is.EqualTo("held"));
        await client.Echoes("after");
    }

    [Test]
    public async Task Update_acts_on_what_comes_next_and_keeps_name_and_stream()
    {
        await using RunningProxy proxy = await Start();
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new RefuseToxic { Name = "outage" });
        Assert.That(await IsServed(proxy), Is.False);

        Assert.That(await toxic.UpdateAsync(new RefuseToxic { Toxicity = 0, Stream = ToxicDirection.Upstream }), Is.True);

        Assert.That(await IsServed(proxy), Is.True);
        Assert.That((toxic.Name, toxic.Toxic.Name, toxic.Toxic.Stream), Is.EqualTo(("outage", "outage", ToxicDirection.Downstream)));
    }

    [Test]
    public async Task Update_with_another_type_or_with_mistakes_changes_nothing()
    {
        await using RunningProxy proxy = await Start();
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new RefuseToxic());

        Assert.That(() => toxic.UpdateAsync(new CutToxic()), Throws.ArgumentException.With.Message.Contains("'refuse' is of the type refuse"));
        Assert.That(() => toxic.UpdateAsync(new RefuseToxic { Toxicity = 2 }), Throws.ArgumentException.With.Message.Contains("Toxicity"));
        Assert.That(await IsServed(proxy), Is.False);
    }

    [Test]
    public async Task Removed_toxic_is_removed_once_and_its_name_is_free_again()
    {
        await using RunningProxy proxy = await Start();
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new RefuseToxic());

        Assert.That(await toxic.RemoveAsync(), Is.True);
        Assert.That(await toxic.RemoveAsync(), Is.False);
        Assert.That(await toxic.UpdateAsync(new RefuseToxic()), Is.False);
        await toxic.DisposeAsync();
        Assert.That(proxy.Proxy.GetToxics(), Is.Empty);
        Assert.That(await IsServed(proxy), Is.True);
        await proxy.Proxy.AddToxicAsync(new RefuseToxic());
    }

    [Test]
    public async Task Name_that_is_taken_and_toxics_with_mistakes_are_refused()
    {
        await using RunningProxy proxy = await Start();
        await proxy.Proxy.AddToxicAsync(new NoOpToxic { Name = "one" });

        Assert.That(() => proxy.Proxy.AddToxicAsync(new RefuseToxic { Name = "one" }), Throws.ArgumentException.With.Message.Contains("'one'"));
        Assert.That(
            () => proxy.Proxy.AddToxicAsync(new LatencyToxic { Latency = TimeSpan.FromSeconds(-1), Toxicity = double.NaN }),
            Throws.ArgumentException.With.Message.Contains("Latency").And.Message.Contains("Toxicity"));
        Assert.That(proxy.Proxy.GetToxics().Select(static toxic => toxic.Name), Is.EqualTo(["one"]));
    }

    [Test]
    public async Task Route_must_be_named_among_several_and_exist()
    {
        await using RunningProxy proxy = await Start(options: options =>
        {
            options.Routes[0].Name = "web";
            options.Routes.Add(new RouteOptions
            {
                Name = "mail",
                Listen = { "127.0.0.1:0" },
                Upstreams = { new UpstreamOptions { Address = Upstream.Endpoint.ToString()! } },
            });
        });

        Assert.That(() => proxy.Proxy.AddToxicAsync(new RefuseToxic()), Throws.ArgumentException.With.Message.Contains("2 routes"));
        Assert.That(() => proxy.Proxy.AddToxicAsync(new RefuseToxic(), "news"), Throws.ArgumentException.With.Message.Contains("'news'"));
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new RefuseToxic(), "mail");

        Assert.That(toxic.Route, Is.EqualTo("mail"));
        Assert.That((proxy.Proxy.GetToxics("web").Count, proxy.Proxy.GetToxics("mail").Count, proxy.Proxy.GetToxics().Count), Is.EqualTo((0, 1, 1)));
        Assert.That(await IsServed(proxy), Is.True);
        await IsRefused(proxy, proxy.Proxy.Endpoints[1]);
    }
}
