using System.Text.RegularExpressions;
using ProxyCore.Tests.Upstreams;
using static Microsoft.Playwright.Assertions;

namespace ProxyCore.Tests.Browser;

/// <summary>The upstreams of a route on the admin page: what an operator has decided about them, and the buttons for it.</summary>
[Platform(Exclude = "Win", Reason = "Signals are sent with kill.")]
[Parallelizable(ParallelScope.Self)]
internal sealed class UpstreamButtonsTests
{
    private EchoUpstream _upstream = null!;
    private ProxyWithPage _proxy = null!;

    [SetUp]
    public void StartUpstream() => _upstream = new EchoUpstream();

    [TearDown]
    public async Task Stop()
    {
        await _proxy.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Test]
    public async Task Buttons_drain_disable_and_bring_back_an_upstream_for_all_browsers()
    {
        _proxy = await ProxyWithPage.StartAsync($"{_upstream.Endpoint}", hasToken: true);
        await using AdminPageView page = await AdminPageView.OpenAsync(_proxy.Page);
        await page.ShowTokenAsync(ProxyWithPage.Token);
        await Expect(page.Button("Ready")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.ByHand).ToBeHiddenAsync();

        await page.Button("Drain").ClickAsync();

        await Expect(page.Message).ToHaveTextAsync($"{_upstream.Endpoint} of web is drained.");
        await Expect(page.Button("Drain")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.Button("Ready")).ToHaveAttributeAsync("aria-pressed", "false");
        await Expect(page.ByHand).ToHaveTextAsync(new Regex(@"^drained by hand since \d\d:\d\d:\d\d$"));
        await using AdminPageView other = await AdminPageView.OpenAsync(_proxy.Page);
        await other.ShowTokenAsync(ProxyWithPage.Token);

        await other.Button("Disable").PressAsync("Enter");
        await Expect(page.ByHand).ToHaveTextAsync(new Regex("^disabled by hand since"));
        await other.Button("Ready").ClickAsync();

        await Expect(page.ByHand).ToBeHiddenAsync();
        await Expect(page.Button("Ready")).ToHaveAttributeAsync("aria-pressed", "true");
        (await _proxy.ConnectAsync()).Dispose();
        Assert.That(page.Complaints.Concat(other.Complaints), Has.All.Contains("401"));
    }

    [Test]
    public async Task Without_a_token_the_buttons_tell_what_they_need()
    {
        _proxy = await ProxyWithPage.StartAsync($"{_upstream.Endpoint}");
        await using AdminPageView page = await AdminPageView.OpenAsync(_proxy.Page);

        foreach (string name in (string[])["Ready", "Drain", "Disable"])
        {
            await Expect(page.Button(name)).ToBeDisabledAsync();
            await Expect(page.Button(name)).ToHaveAttributeAsync("title", new Regex("--admin-token-file"));
        }
    }

    [TestCase(360)]
    [TestCase(1024)]
    [TestCase(1280)]
    public async Task Drained_upstream_makes_the_page_no_wider(int width)
    {
        _proxy = await ProxyWithPage.StartAsync([("web", $"{new string('a', 60)}.{new string('b', 60)}.invalid:80")], hasToken: true);
        await using AdminPageView page = await AdminPageView.OpenAsync(_proxy.Page, width);
        await page.ShowTokenAsync(ProxyWithPage.Token);
        await page.Button("Drain").ClickAsync();
        await Expect(page.ByHand).ToBeVisibleAsync();

        Assert.That(await page.WidthNeeded(), Is.LessThanOrEqualTo(width));
    }
}
