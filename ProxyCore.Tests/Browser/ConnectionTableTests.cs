using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;
using static Microsoft.Playwright.Assertions;

namespace ProxyCore.Tests.Browser;

/// <summary>The table of connections on the admin page: by keyboard, while it is refreshed, on a phone.</summary>
[Platform(Exclude = "Win", Reason = "The command is started with a configuration of this platform.")]
[Parallelizable(ParallelScope.Self)]
internal sealed class ConnectionTableTests
{
    private static readonly string[] _columns =
        ["Id", "Route", "Client", "Upstream", "Phase", "Attempts", "Duration", "To upstream", "To client", "Rate"];

    private readonly List<Peer> _clients = [];
    private EchoUpstream _upstream = null!;
    private ProxyWithPage _proxy = null!;

    [SetUp]
    public async Task Connect()
    {
        _upstream = new EchoUpstream();
        _proxy = await ProxyWithPage.StartAsync($"{_upstream.Endpoint}", hasToken: true);
        for (int clients = 0; clients < 3; clients++)
        {
            _clients.Add(await _proxy.ConnectAsync());
        }
    }

    [TearDown]
    public async Task End()
    {
        _clients.ForEach(static client => client.Dispose());
        _clients.Clear();
        await _proxy.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Test]
    public async Task Header_sorts_by_keyboard_one_way_and_the_other()
    {
        await using AdminPageView page = await OpenAsync();

        // The table's box, which scrolls by keyboard; then its first header.
        await page.Focus("#connections-box");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Header("Id")).ToHaveAttributeAsync("aria-sort", "descending");
        int[] descending = await page.IdsAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Header("Id")).ToHaveAttributeAsync("aria-sort", "ascending");
        int[] ascending = await page.IdsAsync();

        Assert.That(descending, Has.Length.EqualTo(3).And.Ordered.Descending);
        Assert.That(ascending, Has.Length.EqualTo(3).And.Ordered.Ascending);
        Assert.That(await page.Header("Duration").GetAttributeAsync("aria-sort"), Is.Null, "one column at a time");
        await page.IsRefreshed();
        Assert.That(await page.IdsAsync(), Is.EqualTo(ascending), "it stays sorted");
    }

    [Test]
    public async Task Every_column_sorts()
    {
        await using AdminPageView page = await OpenAsync();

        foreach (string column in _columns)
        {
            await page.Header(column).GetByRole(AriaRole.Button).PressAsync("Space");
            await Expect(page.Header(column)).ToHaveAttributeAsync("aria-sort", new Regex("ascending|descending"));
            await Expect(page.Rows).ToHaveCountAsync(3);
        }
    }

    [Test]
    public async Task Row_keeps_its_place_and_the_focus_while_others_become_busier()
    {
        await using AdminPageView page = await OpenAsync();
        await page.Header("To client").GetByRole(AriaRole.Button).PressAsync("Enter");
        int[] before = await page.IdsAsync();
        await AdminPageView.EndButton(page.Rows.Last).FocusAsync();
        string? focused = await page.FocusedConnection();

        await Task.WhenAll(_clients.Select(static (client, index) => client.Echoes(RandomBytes.Of((index + 1) * 100_000))));
        await Expect(AdminPageView.Cell(page.RowOf(_clients[2]), "toClient")).ToHaveTextAsync("300 kB");

        Assert.That(await page.FocusedConnection(), Is.EqualTo(focused));
        Assert.That(await page.IdsAsync(), Is.EqualTo(before), "rows stay while one of them has the focus");
        await page.Header("To client").GetByRole(AriaRole.Button).FocusAsync();
        await Expect(page.RowOf(_clients[2]).And(page.Rows.First)).ToBeVisibleAsync();
        await Expect(page.RowOf(_clients[0]).And(page.Rows.Last)).ToBeVisibleAsync();
    }

    [Test]
    public async Task Page_fits_a_phone()
    {
        await using AdminPageView page = await OpenAsync(width: 360);

        Assert.That(await page.WidthNeeded(), Is.LessThanOrEqualTo(360), "it does not scroll sideways");
        LocatorBoundingBoxResult button = (await AdminPageView.EndButton(page.RowOf(_clients[0])).BoundingBoxAsync())!;
        Assert.That(button.X + button.Width, Is.LessThanOrEqualTo(360), "the button is there without scrolling the table");
    }

    private async Task<AdminPageView> OpenAsync(int width = 1280)
    {
        AdminPageView page = await AdminPageView.OpenAsync(_proxy.Page, width);
        await page.ShowTokenAsync(ProxyWithPage.Token);
        await Expect(page.Rows).ToHaveCountAsync(3);
        return page;
    }
}
