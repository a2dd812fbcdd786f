using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Browser;

/// <summary>The page as who looks at it sees it. All waits are for what it shows, and bounded.</summary>
internal sealed class AdminPageView : IAsyncDisposable
{
    private readonly List<string> _complaints = [];
    private readonly IPage _page;
    private ICDPSession? _session;

    private AdminPageView(IPage page)
    {
        _page = page;
        page.SetDefaultTimeout((float)Bound.Wait.TotalMilliseconds);
        page.PageError += (_, error) => _complaints.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Add(message.Text);
            }
        };
    }

    /// <summary>What the browser has complained of: errors of the scripts, violations of the policy, answers that failed.</summary>
    internal IReadOnlyList<string> Complaints => _complaints;

    internal ILocator State => _page.Locator("#state");

    internal ILocator Message => _page.Locator("#message");

    internal ILocator Trouble => _page.Locator("#trouble");

    internal ILocator TokenForm => _page.Locator("#token-form");

    internal ILocator TokenError => _page.Locator("#token-error");

    internal ILocator Question => _page.GetByRole(AriaRole.Dialog);

    internal ILocator Rows => _page.Locator("#connections tbody tr");

    internal ILocator Routes => _page.Locator("#routes article");

    internal ILocator Toxics => _page.Locator("#routes .toxic");

    /// <summary>The switch of the only toxic.</summary>
    internal ILocator Switch => Toxics.GetByRole(AriaRole.Switch);

    internal ILocator RemoveButton => Toxics.Locator("[data-part=remove]");

    /// <summary>What an operator has decided about the only upstream.</summary>
    internal ILocator ByHand => _page.Locator("#routes [data-part=by-hand]");

    /// <summary>The clients that are denied.</summary>
    internal ILocator Denied => _page.Locator("#denied tr");

    internal ILocator EndHint => _page.Locator("#end-hint");

    internal IKeyboard Keyboard => _page.Keyboard;

    internal static Task<AdminPageView> OpenAsync(Uri address, int width = 1280) => OpenAsync(address, width, static _ => Task.CompletedTask);

    /// <summary>Opens the page, with the answers of a proxy that is made up.</summary>
    internal static Task<AdminPageView> OpenAsync(Uri address, int width, MadeUpProxy proxy) =>
        OpenAsync(address, width, proxy.AnswerAsync);

    private static async Task<AdminPageView> OpenAsync(Uri address, int width, Func<IPage, Task> prepare)
    {
        var view = new AdminPageView(await Chromium.NewPageAsync(width));
        await prepare(view._page);
        await view._page.GotoAsync(address.ToString());
        return view;
    }

    /// <summary>How much of the proxy is in trouble, as the top says.</summary>
    internal ILocator Status(string name) => _page.Locator($"#status [data-field={name}]");

    /// <summary>The names of the routes, in their order.</summary>
    internal ILocator RouteNames => Routes.Locator("[data-field=name]");

    /// <summary>A route, if it is open.</summary>
    internal static ILocator IsOpen(ILocator route) => route.Locator("details[open]");

    internal ILocator RouteSearch => _page.Locator("#route-search");

    /// <summary>A field of the search for connections.</summary>
    internal ILocator SearchField(string name) => _page.Locator($"#connection-search [name={name}]");

    internal ILocator PageShown => _page.Locator("#page-shown");

    internal ILocator SearchError => _page.Locator("#search-error");

    internal ILocator Press(string name) => _page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    internal ILocator EndMany => _page.Locator("#end-many");

    /// <summary>How many points the first plot joins.</summary>
    internal async Task<int> PlottedPoints() =>
        (await _page.Locator("#plot-open .line").GetAttributeAsync("d") ?? "").Split('L', 'M').Length - 1;

    /// <summary>What is wider than its box: its columns fall out, or it has to be scrolled sideways.</summary>
    internal Task<string[]> TooNarrow() => _page.EvaluateAsync<string[]>("""
        [...document.querySelectorAll('.scroll, .panel, .bar, nav, dl, summary, th, td, section, .plot, figcaption')]
          .filter(box => box.clientWidth > 0 && box.scrollWidth > box.clientWidth + 1)
          .map(box => `${box.tagName} ${box.id || box.className}: ${box.scrollWidth} in ${box.clientWidth}, ${box.textContent.trim().slice(0, 60)}`)
        """);

    /// <summary>How long the page's thread has worked so far, in seconds.</summary>
    internal async Task<double> WorkedFor()
    {
        _session ??= await _page.Context.NewCDPSessionAsync(_page);
        await _session.SendAsync("Performance.enable");
        JsonElement metrics = (await _session.SendAsync("Performance.getMetrics"))!.Value;
        return metrics.GetProperty("metrics").EnumerateArray()
            .Single(static one => one.GetProperty("name").GetString() == "TaskDuration").GetProperty("value").GetDouble();
    }

    internal Task SaveAsync(string file) => _page.ScreenshotAsync(new PageScreenshotOptions { Path = file, FullPage = true });

    internal Task ReloadAsync() => _page.ReloadAsync();

    /// <summary>A button of the only upstream.</summary>
    internal ILocator Button(string name) =>
        _page.Locator("#routes [data-part=choice]").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = name, Exact = true });

    /// <summary>A figure of the whole proxy.</summary>
    internal ILocator Figure(string name) => _page.Locator($"#summary [data-field={name}]");

    /// <summary>What a plot shows in text.</summary>
    internal ILocator Now(string plot) => _page.Locator($"#plot-{plot} .plot-value").First;

    internal ILocator Ends(string reason) =>
        _page.Locator("#ends tr").Filter(new LocatorFilterOptions { HasTextRegex = new Regex($"^\\s*{reason}\\b") })
            .Locator("[data-field=total]");

    internal ILocator RowOf(Peer client) => Rows.Filter(new LocatorFilterOptions
    {
        HasText = ((IPEndPoint)client.Socket.LocalEndPoint!).ToString(),
    });

    internal static ILocator Cell(ILocator row, string name) => row.Locator($"[data-field={name}]");

    internal static ILocator EndButton(ILocator row) => row.Locator("td.action button");

    /// <summary>The button that finds all connections of the client of a row.</summary>
    internal static ILocator ClientButton(ILocator row) => row.Locator("[data-part=client]");

    internal ILocator Header(string column) => _page.Locator("#connections th").Filter(new LocatorFilterOptions
    {
        Has = _page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = column, Exact = true }),
    });

    internal async Task<int[]> IdsAsync() =>
        [.. (await Rows.Locator("[data-field=id]").AllTextContentsAsync()).Select(static id => int.Parse(id, CultureInfo.InvariantCulture))];

    internal async Task ShowTokenAsync(string token)
    {
        await _page.GetByLabel("Token", new PageGetByLabelOptions { Exact = true }).FillAsync(token);
        await _page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Waits until it has shown a snapshot later than the one it shows now.</summary>
    internal async Task IsRefreshed()
    {
        string before = await Figure("uptime").TextContentAsync() ?? "";
        await Assertions.Expect(Figure("uptime")).Not.ToHaveTextAsync(before);
    }

    internal async Task Focus(string selector) => await _page.Locator(selector).FocusAsync();

    /// <summary>The connection whose button has the focus.</summary>
    internal Task<string?> FocusedConnection() => _page.EvaluateAsync<string?>("document.activeElement.dataset.id ?? null");

    /// <summary>Notes from now on what the plots show in text; a new load of the page would lose it.</summary>
    internal Task NoteRates() => _page.EvaluateAsync("""
        globalThis.rates = [];
        for (const value of document.querySelectorAll('.plot-value')) {
          new MutationObserver(() => rates.push(value.textContent)).observe(value, { childList: true });
        }
        """);

    /// <summary>What has been noted; null when the page was loaded anew.</summary>
    internal Task<string[]?> NotedRates() => _page.EvaluateAsync<string[]?>("globalThis.rates ?? null");

    internal Task<int> WidthNeeded() => _page.EvaluateAsync<int>("document.documentElement.scrollWidth");

    public async ValueTask DisposeAsync() => await _page.Context.CloseAsync();
}
