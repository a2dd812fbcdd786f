using System.Text;
using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace ProxyCore.Tests.Browser;

/// <summary>The clients that are denied for a time, on the admin page.</summary>
[Platform(Exclude = "Win", Reason = "Signals are sent with kill.")]
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class DeniedClientsTests
{
    private ProxyWithPage _proxy = null!;

    [SetUp]
    public async Task Start() => _proxy = await ProxyWithPage.StartAsync("127.0.0.1:9", hasToken: true);

    [TearDown]
    public async Task Stop() => await _proxy.DisposeAsync();

    [Test]
    public async Task Denied_client_is_listed_and_a_button_lets_it_in_again()
    {
        await Deny("192.0.2.7");
        await Deny("2001:db8::/32");
        await using AdminPageView page = await AdminPageView.OpenAsync(_proxy.Page);
        await page.ShowTokenAsync(ProxyWithPage.Token);
        await Expect(page.Denied).ToHaveCountAsync(2);
        await Expect(page.Denied.First).ToHaveTextAsync(new Regex(@"192\.0\.2\.7\s*\d+ m \d+ s\s*\d\d:\d\d:\d\d"));

        await page.Denied.First.GetByRole(Microsoft.Playwright.AriaRole.Button).ClickAsync();

        await Expect(page.Message).ToHaveTextAsync("192.0.2.7 is let in again.");
        await Expect(page.Denied).ToHaveCountAsync(1);
        Assert.That(page.Complaints, Has.All.Contains("401"));
    }

    [Test]
    public async Task Long_address_makes_the_page_no_wider()
    {
        await Deny("2001:db8:1234:5678:1234:5678:1234:5678");
        await using AdminPageView page = await AdminPageView.OpenAsync(_proxy.Page, width: 360);
        await page.ShowTokenAsync(ProxyWithPage.Token);
        await Expect(page.Denied).ToHaveCountAsync(1);

        Assert.That(await page.WidthNeeded(), Is.LessThanOrEqualTo(360));
    }

    private async Task Deny(string address)
    {
        using var http = new HttpClient { BaseAddress = _proxy.Page };
        http.DefaultRequestHeaders.Add("Authorization", $"Bearer {ProxyWithPage.Token}");
        using var body = new StringContent($$"""{ "address": "{{address}}" }""", Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await http.PostAsync("api/deny", body);
        response.EnsureSuccessStatusCode();
    }
}
