using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;
using static Microsoft.Playwright.Assertions;

namespace ProxyCore.Tests.Browser;

/// <summary>The toxics of a route on the admin page: shown, switched, removed.</summary>
[Platform(Exclude = "Win", Reason = "Signals are sent with kill.")]
[Parallelizable(ParallelScope.Self)]
internal sealed class ToxicSwitchTests
{
    private static readonly object[] _refuse = [new { Type = "refuse", Toxicity = 1 }];

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
    public async Task Switch_turns_a_toxic_off_for_all_browsers_and_on_again()
    {
        await using AdminPageView page = await Open();
        await Expect(page.Toxics).ToHaveCountAsync(1);
        await Expect(page.Toxics).ToContainTextAsync("refuse end=Reset");
        await Expect(page.Switch).ToHaveAttributeAsync("aria-checked", "true");
        await IsRefused();

        await page.Switch.ClickAsync();

        await Expect(page.Message).ToHaveTextAsync("Toxic refuse of web is off.");
        await Expect(page.Switch).ToHaveAttributeAsync("aria-checked", "false");
        (await _proxy.ConnectAsync()).Dispose();
        await using AdminPageView other = await AdminPageView.OpenAsync(_proxy.Page);
        await other.ShowTokenAsync(ProxyWithPage.Token);
        await Expect(other.Switch).ToHaveAttributeAsync("aria-checked", "false");

        await other.Switch.PressAsync("Space");

        await Expect(page.Switch).ToHaveAttributeAsync("aria-checked", "true");
        await IsRefused();
    }

    [Test]
    public async Task Removal_asks_first_and_leaves_nothing_of_the_toxic()
    {
        await using AdminPageView page = await Open();

        await page.RemoveButton.ClickAsync();
        await page.Question.GetByText("Keep it").ClickAsync();
        await Expect(page.Toxics).ToHaveCountAsync(1);
        await page.RemoveButton.ClickAsync();
        await page.Question.GetByText("Remove it").ClickAsync();

        await Expect(page.Message).ToHaveTextAsync("Toxic refuse of web has been removed.");
        await Expect(page.Toxics).ToHaveCountAsync(0);
        await Expect(page.Routes.First).Not.ToContainTextAsync("Faults on purpose", new LocatorAssertionsToContainTextOptions { UseInnerText = true });
        (await _proxy.ConnectAsync()).Dispose();
    }

    [Test]
    public async Task Without_a_token_toxics_are_shown_and_can_not_be_changed()
    {
        _proxy = await ProxyWithPage.StartAsync([("web", $"{_upstream.Endpoint}")], hasToken: false, _refuse);
        await using AdminPageView page = await AdminPageView.OpenAsync(_proxy.Page);

        await Expect(page.Toxics).ToHaveCountAsync(1);
        await Expect(page.Switch).ToBeDisabledAsync();
        await Expect(page.RemoveButton).ToBeDisabledAsync();
        await Expect(page.Switch).ToHaveAttributeAsync("title", new Regex("--admin-token-file"));
        Assert.That(page.Complaints, Is.Empty);
    }

    [TestCase(360)]
    [TestCase(1024)]
    public async Task Long_names_make_the_page_no_wider(int width)
    {
        _proxy = await ProxyWithPage.StartAsync(
            [("web", $"{_upstream.Endpoint}")], hasToken: false, [new { Type = "latency", Name = new string('x', 200), Latency = "300ms", Jitter = "20ms" }]);
        await using AdminPageView page = await AdminPageView.OpenAsync(_proxy.Page, width);
        await Expect(page.Toxics).ToHaveCountAsync(1);

        Assert.That(await page.WidthNeeded(), Is.LessThanOrEqualTo(width));
    }

    private async Task<AdminPageView> Open()
    {
        _proxy = await ProxyWithPage.StartAsync([("web", $"{_upstream.Endpoint}")], hasToken: true, _refuse);
        AdminPageView page = await AdminPageView.OpenAsync(_proxy.Page);
        await page.ShowTokenAsync(ProxyWithPage.Token);
        return page;
    }

    private async Task IsRefused()
    {
        using Peer client = await Peer.Connect(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, _proxy.Port));
        await client.ReceivesReset();
    }
}
