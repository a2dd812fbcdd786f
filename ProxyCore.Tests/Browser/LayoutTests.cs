using static Microsoft.Playwright.Assertions;

namespace ProxyCore.Tests.Browser;

/// <summary>The page with long names and many upstreams: nothing falls out of its box, and drawing it costs little.</summary>
[Platform(Exclude = "Win", Reason = "Signals are sent with kill.")]
[Parallelizable(ParallelScope.Self)]
internal sealed class LayoutTests
{
    private ProxyWithPage _proxy = null!;

    [SetUp]
    public async Task Start() => _proxy = await ProxyWithPage.StartAsync("127.0.0.1:1");

    [TearDown]
    public async Task Stop() => await _proxy.DisposeAsync();

    [TestCase(390)]
    [TestCase(1024)]
    [TestCase(1280)]
    public async Task Nothing_falls_out_of_its_box(int width)
    {
        await using AdminPageView page = await AdminPageView.OpenAsync(_proxy.Page, width, new MadeUpProxy(routes: 3, upstreams: 4, open: 50));
        await Expect(page.Routes).ToHaveCountAsync(3);
        await page.Press("Open all").ClickAsync();
        await Expect(page.Rows).ToHaveCountAsync(50);

        Assert.That(await page.TooNarrow(), Is.Empty);
        Assert.That(await page.WidthNeeded(), Is.LessThanOrEqualTo(width));
        Assert.That(page.Complaints, Is.Empty);
    }

    [Test]
    [Explicit("It measures time: run it alone, on a machine that does nothing else.")]
    public async Task Drawing_200_upstreams_takes_less_than_a_tenth_of_a_core()
    {
        var busy = new MadeUpProxy(routes: 20, upstreams: 10, open: 5000) { Past = 720 };
        await using AdminPageView page = await AdminPageView.OpenAsync(_proxy.Page, 1280, busy);
        await Expect(page.Routes).ToHaveCountAsync(20);
        await page.Press("Open all").ClickAsync();
        await page.IsRefreshed();
        double before = await page.WorkedFor();
        const int Snapshots = 3;

        for (int snapshot = 0; snapshot < Snapshots; snapshot++)
        {
            await page.IsRefreshed();
        }

        double each = (await page.WorkedFor() - before) / Snapshots;
        TestContext.Out.WriteLine($"{1000 * each:0} ms a second");
        Assert.That(each, Is.LessThan(0.1));
    }
}
