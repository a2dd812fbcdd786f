using System.Text.RegularExpressions;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;
using static Microsoft.Playwright.Assertions;

namespace ProxyCore.Tests.Browser;

/// <summary>Connections are found on the page, turned through, and ended together.</summary>
[Platform(Exclude = "Win", Reason = "Signals are sent with kill.")]
[Parallelizable(ParallelScope.Self)]
internal sealed class ConnectionSearchTests
{
    private EchoUpstream _upstream = null!;
    private ProxyWithPage _proxy = null!;

    [SetUp]
    public async Task Start()
    {
        _upstream = new EchoUpstream();
        _proxy = await ProxyWithPage.StartAsync([("web", $"{_upstream.Endpoint}"), ("other", $"{_upstream.Endpoint}")], hasToken: true);
    }

    [TearDown]
    public async Task Stop()
    {
        await _proxy.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Test]
    public async Task Search_turns_through_all_that_it_finds()
    {
        using Crowd crowd = await Crowd.OfEchoes(_proxy.Endpoint, 205);
        await using AdminPageView page = await OpenAsync();
        await Expect(page.Rows).ToHaveCountAsync(100);

        await page.Press("Find").ClickAsync();
        await Expect(page.PageShown).ToHaveTextAsync("1 to 100 of 205");
        await page.Press("Next").ClickAsync();
        await Expect(page.PageShown).ToHaveTextAsync("101 to 200 of 205");
        await page.Press("Next").ClickAsync();

        await Expect(page.PageShown).ToHaveTextAsync("201 to 205 of 205");
        await Expect(page.Rows).ToHaveCountAsync(5);
        await Expect(page.Press("Next")).ToBeDisabledAsync();
        await page.Press("Previous").ClickAsync();
        await Expect(page.PageShown).ToHaveTextAsync("101 to 200 of 205");
        await Expect(page.EndMany).ToBeHiddenAsync();
    }

    [Test]
    public async Task All_that_a_search_finds_end_once_that_is_confirmed()
    {
        using Crowd crowd = await Crowd.OfEchoes(_proxy.Endpoint, 3);
        await using AdminPageView page = await OpenAsync();

        await page.SearchField("client").FillAsync("127.0.0.0/8");
        await page.SearchField("route").FillAsync("web");
        await page.Keyboard.PressAsync("Enter");
        await page.EndMany.ClickAsync();
        await Expect(page.Question).ToContainTextAsync("client 127.0.0.0/8, route web");
        await page.Question.GetByText("End them").ClickAsync();

        await Expect(page.Message).ToHaveTextAsync("3 connections have been ended.");
        await crowd.ReceiveResets();
        await Expect(page.PageShown).ToHaveTextAsync("None.");
        await Expect(page.Ends("Operator")).ToHaveTextAsync("3");
    }

    [Test]
    public async Task Client_that_is_no_address_is_told_and_the_page_goes_on()
    {
        using Peer client = await _proxy.ConnectAsync();
        await using AdminPageView page = await OpenAsync();

        await page.SearchField("client").FillAsync("nobody");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.SearchError).ToHaveTextAsync(new Regex("'nobody' is neither an address"));
        await page.IsRefreshed();
        await page.Press("Longest and busiest").ClickAsync();
        await Expect(page.SearchError).ToBeEmptyAsync();
        await Expect(page.RowOf(client)).ToBeVisibleAsync();
    }

    [Test]
    public async Task Button_of_an_upstream_finds_its_connections()
    {
        using Peer client = await _proxy.ConnectAsync();
        await using AdminPageView page = await OpenAsync();

        await page.Routes.Nth(1).GetByText("Connections").ClickAsync();
        await Expect(page.PageShown).ToHaveTextAsync("None.");
        await page.Routes.First.GetByText("Connections").ClickAsync();

        await Expect(page.PageShown).ToHaveTextAsync("1 to 1 of 1");
        await Expect(page.SearchField("upstream")).ToHaveValueAsync($"{_upstream.Endpoint}");
        await Expect(page.EndMany).ToHaveTextAsync("End all 1…");
    }

    [Test]
    public async Task Client_of_a_row_finds_all_of_that_client()
    {
        using Crowd crowd = await Crowd.OfEchoes(_proxy.Endpoint, 2);
        using Peer client = await _proxy.ConnectAsync();
        await using AdminPageView page = await OpenAsync();

        await AdminPageView.ClientButton(page.RowOf(client)).ClickAsync();

        await Expect(page.SearchField("client")).ToHaveValueAsync("127.0.0.1");
        await Expect(page.PageShown).ToHaveTextAsync("1 to 3 of 3");
    }

    private async Task<AdminPageView> OpenAsync()
    {
        AdminPageView page = await AdminPageView.OpenAsync(_proxy.Page);
        await page.ShowTokenAsync(ProxyWithPage.Token);
        await Expect(page.Routes).ToHaveCountAsync(2);
        return page;
    }
}
