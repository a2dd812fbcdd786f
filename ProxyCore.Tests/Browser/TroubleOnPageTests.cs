using System.Text.RegularExpressions;
using ProxyCore.Tests.Upstreams;
using static Microsoft.Playwright.Assertions;

namespace ProxyCore.Tests.Browser;

/// <summary>Trouble is seen at a glance: at the top of the page, and first among the routes.</summary>
[Platform(Exclude = "Win", Reason = "Signals are sent with kill.")]
[Parallelizable(ParallelScope.Self)]
internal sealed class TroubleOnPageTests
{
    private EchoUpstream _upstream = null!;
    private RefusedEndpoint _refused = null!;
    private ProxyWithPage _proxy = null!;

    [SetUp]
    public async Task Start()
    {
        _upstream = new EchoUpstream();
        _refused = new RefusedEndpoint();
        (string Name, string Upstream)[] routes =
        [
            .. Enumerable.Range(1, 5).Select(number => ($"good{number}", $"{_upstream.Endpoint}")), ("bad", $"{_refused.Endpoint}"),
        ];
        _proxy = await ProxyWithPage.StartCheckedAsync(routes, checkEvery: "100ms");
    }

    [TearDown]
    public async Task Stop()
    {
        await _proxy.DisposeAsync();
        await _upstream.DisposeAsync();
        _refused.Dispose();
    }

    [Test]
    public async Task Route_that_is_down_is_told_at_the_top_and_comes_first_with_cause_and_time()
    {
        await using AdminPageView page = await AdminPageView.OpenAsync(_proxy.Page);

        await Expect(page.State).ToHaveTextAsync("Running, 1 route down");
        await Expect(page.State).ToHaveAttributeAsync("data-state", "Down");
        await Expect(page.Status("routes")).ToHaveTextAsync("1 of 6, 1 down");
        await Expect(page.Status("upstreams")).ToHaveTextAsync("1 of 6");
        await Expect(page.RouteNames).ToHaveTextAsync((string[])["bad", "good1", "good2", "good3", "good4", "good5"]);
        await Expect(page.Routes.First).ToContainTextAsync(new Regex(@"since \d\d:\d\d:\d\d, connection refused"));
        await Expect(page.Routes.First).ToContainTextAsync(new Regex(@"[\d.]+ ms\s+failed \d\d:\d\d:\d\d"));

        await using EchoUpstream back = _refused.ComeBack();

        await Expect(page.State).ToHaveTextAsync("Running");
        await Expect(page.Status("routes")).ToHaveTextAsync("0 of 6");
        await Expect(page.RouteNames).ToHaveTextAsync((string[])["good1", "good2", "good3", "good4", "good5", "bad"]);
        Assert.That(page.Complaints, Is.Empty);
    }

    [Test]
    public async Task Routes_stay_open_or_closed_and_found_when_the_page_is_loaded_again()
    {
        await using AdminPageView page = await AdminPageView.OpenAsync(_proxy.Page);
        await Expect(page.Routes).ToHaveCountAsync(6);
        await Expect(AdminPageView.IsOpen(page.Routes.First)).ToHaveCountAsync(1);
        await Expect(AdminPageView.IsOpen(page.Routes.Nth(1))).ToHaveCountAsync(0);

        await page.Routes.First.Locator("summary").ClickAsync();
        await page.RouteSearch.FillAsync("bad");
        await Expect(page.Routes).ToHaveCountAsync(1);
        await page.ReloadAsync();

        await Expect(page.RouteNames).ToHaveTextAsync((string[])["bad"]);
        await Expect(AdminPageView.IsOpen(page.Routes.First)).ToHaveCountAsync(0);
        await page.RouteSearch.FillAsync($"{_upstream.Endpoint}");
        await Expect(page.Routes).ToHaveCountAsync(5);
    }

    [Test]
    public async Task Plots_have_the_past_when_the_page_is_loaded()
    {
        await using AdminPageView page = await AdminPageView.OpenAsync(_proxy.Page, 1280, new MadeUpProxy(routes: 1, upstreams: 1, open: 1) { Past = 300 });
        await Expect(page.Routes).ToHaveCountAsync(1);

        Assert.That(await page.PlottedPoints(), Is.InRange(36, 45), "three minutes of a point each five seconds");
        await page.Press("1 hour").ClickAsync();

        Assert.That(await page.PlottedPoints(), Is.InRange(300, 310));
    }
}
