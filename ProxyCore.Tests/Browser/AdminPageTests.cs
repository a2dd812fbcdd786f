using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;
using static Microsoft.Playwright.Assertions;

namespace ProxyCore.Tests.Browser;

/// <summary>The admin page in a browser, before a command that relays.</summary>
[Platform(Exclude = "Win", Reason = "Signals are sent with kill.")]
[Parallelizable(ParallelScope.Self)]
internal sealed partial class AdminPageTests
{
    [Test]
    public async Task Transfer_under_way_is_shown()
    {
        await using var upstream = new TestUpstream();
        await using ProxyWithPage proxy = await ProxyWithPage.StartAsync($"{upstream.Endpoint}");
        using Peer client = await Peer.Connect(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, proxy.Port));
        using Peer server = await upstream.Accept();
        using var enough = new CancellationTokenSource();
        Task transfer = Transfer(server, client, enough.Token);

        await using AdminPageView page = await AdminPageView.OpenAsync(proxy.Page);

        await Expect(page.State).ToHaveTextAsync("Running");
        await Expect(page.Now("bytes")).ToHaveTextAsync(Rate());
        await Expect(page.Figure("open")).ToHaveTextAsync(new Regex("^1 of "));
        ILocator row = page.RowOf(client);
        await Expect(AdminPageView.Cell(row, "route")).ToHaveTextAsync("web");
        await Expect(AdminPageView.Cell(row, "upstream")).ToHaveTextAsync($"{upstream.Endpoint}");
        await Expect(AdminPageView.Cell(row, "rate")).ToHaveTextAsync(Rate());
        await Expect(page.Routes.First).ToContainTextAsync("Up");
        await enough.CancelAsync();
        await transfer;
        Assert.That(page.Complaints, Is.Empty);
    }

    [Test]
    public async Task Button_ends_the_connection_of_its_row_and_no_other()
    {
        await using var upstream = new EchoUpstream();
        await using ProxyWithPage proxy = await ProxyWithPage.StartAsync($"{upstream.Endpoint}", hasToken: true);
        using Peer client = await proxy.ConnectAsync();
        using Peer other = await proxy.ConnectAsync();
        await using AdminPageView page = await AdminPageView.OpenAsync(proxy.Page);
        await page.ShowTokenAsync(ProxyWithPage.Token);

        await AdminPageView.EndButton(page.RowOf(client)).ClickAsync();
        await page.Question.GetByText("End it").ClickAsync();

        await client.ReceivesReset();
        await Expect(page.Message).ToHaveTextAsync(new Regex(@"^Connection \d+ has been ended\.$"));
        await Expect(page.RowOf(client)).ToHaveCountAsync(0);
        await Expect(page.Ends("Operator")).ToHaveTextAsync("1");
        await Expect(page.RowOf(other)).ToBeVisibleAsync();
        await other.Echoes("still there");
        Assert.That(page.Complaints, Is.All.Contains("401"), "but for the question for the token");
    }

    [Test]
    public async Task Connection_is_kept_by_who_thinks_better_of_it()
    {
        await using var upstream = new EchoUpstream();
        await using ProxyWithPage proxy = await ProxyWithPage.StartAsync($"{upstream.Endpoint}", hasToken: true);
        using Peer client = await proxy.ConnectAsync();
        await using AdminPageView page = await AdminPageView.OpenAsync(proxy.Page);
        await page.ShowTokenAsync(ProxyWithPage.Token);

        await AdminPageView.EndButton(page.RowOf(client)).PressAsync("Enter");
        await Expect(page.Question).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");

        await Expect(page.Question).ToBeHiddenAsync();
        await page.IsRefreshed();
        await client.Echoes("still there");
        await Expect(AdminPageView.EndButton(page.RowOf(client))).ToBeFocusedAsync();
    }

    [Test]
    public async Task Without_a_token_nothing_can_be_ended_and_the_page_says_why()
    {
        await using var upstream = new EchoUpstream();
        await using ProxyWithPage proxy = await ProxyWithPage.StartAsync($"{upstream.Endpoint}");
        using Peer client = await proxy.ConnectAsync();

        await using AdminPageView page = await AdminPageView.OpenAsync(proxy.Page);

        await Expect(AdminPageView.EndButton(page.RowOf(client))).ToBeDisabledAsync();
        await Expect(page.EndHint).ToContainTextAsync("--admin-token-file");
        Assert.That(page.Complaints, Is.Empty);
    }

    [Test]
    public async Task Page_outlives_the_proxy_and_goes_on_with_the_next_one()
    {
        await using var upstream = new EchoUpstream();
        await using ProxyWithPage proxy = await ProxyWithPage.StartAsync($"{upstream.Endpoint}");
        for (int connections = 0; connections < 3; connections++)
        {
            using Peer client = await proxy.ConnectAsync();
        }

        await using AdminPageView page = await AdminPageView.OpenAsync(proxy.Page);
        await Expect(page.Figure("accepted")).ToHaveTextAsync("3");
        await page.NoteRates();

        proxy.Drain();
        await proxy.EndsAsync();
        await Expect(page.State).ToHaveTextAsync("Not reachable");
        await Expect(page.Trouble).ToContainTextAsync("trying again");
        await proxy.StartAgainAsync();

        await Expect(page.State).ToHaveTextAsync("Running");
        await Expect(page.Trouble).ToBeHiddenAsync();
        await Expect(page.Figure("accepted")).ToHaveTextAsync("0");
        await Expect(page.Now("connections")).ToHaveTextAsync("0/s");
        Assert.That(await page.NotedRates(), Is.Not.Null.And.None.StartsWith("-"), "not loaded anew, and no rate below zero");
        Assert.That(page.Complaints, Is.All.Contains("Failed to load resource"), "but for the proxy's absence");
    }

    [Test]
    public async Task Draining_is_shown_until_the_last_connection_is_done()
    {
        await using var upstream = new EchoUpstream();
        await using ProxyWithPage proxy = await ProxyWithPage.StartAsync($"{upstream.Endpoint}");
        using Peer client = await proxy.ConnectAsync();
        await using AdminPageView page = await AdminPageView.OpenAsync(proxy.Page);

        proxy.Drain();

        await Expect(page.State).ToHaveTextAsync("Draining");
        await client.Echoes("still there");
        client.Fin();
        await proxy.EndsAsync();
    }

    [Test]
    public async Task Token_is_asked_for_and_kept_as_long_as_the_tab()
    {
        await using var upstream = new EchoUpstream();
        await using ProxyWithPage proxy = await ProxyWithPage.StartAsync($"{upstream.Endpoint}", hasToken: true);
        await using AdminPageView page = await AdminPageView.OpenAsync(proxy.Page);
        await Expect(page.TokenForm).ToBeVisibleAsync();

        await page.ShowTokenAsync("not-the-right-token");
        await Expect(page.TokenError).ToHaveTextAsync("That token is not the right one.");
        await page.ShowTokenAsync(ProxyWithPage.Token);

        await Expect(page.State).ToHaveTextAsync("Running");
        await Expect(page.TokenForm).ToBeHiddenAsync();
        Assert.That(page.Complaints, Has.Count.EqualTo(2).And.All.Contains("401"), "once without, once with the wrong one");
        await page.ReloadAsync();
        await Expect(page.State).ToHaveTextAsync("Running");
        Assert.That(page.Complaints, Has.Count.EqualTo(2), "it is not asked for again");
    }

    [Test]
    public async Task Names_are_shown_as_text_whatever_they_are()
    {
        const string Name = "<img src=x onerror=alert(1)><script>alert(2)</script>";
        using var folder = new Cli.TemporaryFolder();
        string address = $"unix:{folder.FullName}/<b onclick=alert(3)>&amp;";
        await using ProxyWithPage proxy = await ProxyWithPage.StartAsync([(Name, address)]);

        await using AdminPageView page = await AdminPageView.OpenAsync(proxy.Page);

        await Expect(AdminPageView.Cell(page.Routes, "name")).ToHaveTextAsync(Name);
        await Expect(AdminPageView.Cell(page.Routes, "address")).ToHaveTextAsync(address);
        await Expect(page.Routes.Locator("img, script, b")).ToHaveCountAsync(0);
        Assert.That(page.Complaints, Is.Empty);
    }

    /// <summary>Sends and receives until it is enough.</summary>
    private static Task Transfer(Peer sender, Peer receiver, CancellationToken enough) => Task.Run(
        async () =>
        {
            byte[] bytes = RandomBytes.Of(100_000);
            while (!enough.IsCancellationRequested)
            {
                Task<byte[]> received = receiver.Receive(bytes.Length);
                await sender.Send(bytes);
                await received;
            }
        },
        CancellationToken.None);

    [GeneratedRegex(@"^\d[\d.,]* [kMG]B/s$")]
    private static partial Regex Rate();
}
