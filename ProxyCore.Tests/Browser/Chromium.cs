using Microsoft.Playwright;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Browser;

/// <summary>The browser that is installed here, for all tests of this folder. Without one they are skipped, and say so.</summary>
[SetUpFixture]
internal sealed class Chromium
{
    // Nothing but the page is to be asked for over the network.
    private static readonly string[] _arguments =
    [
        "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu",
    ];

    // The one without windows comes first: it opens a page for half of the processor time.
    private static readonly string[] _places =
    [
        "/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
    ];

    private static IPlaywright? _playwright;
    private static IBrowser? _browser;

    [OneTimeSetUp]
    public async Task Launch()
    {
        string? path = Find();
        if (path is null)
        {
            Assert.Ignore("no Chromium here: install chromium-headless-shell or chromium, or say where it is by CHROMIUM");
        }

        Assertions.SetDefaultExpectTimeout((float)Bound.Wait.TotalMilliseconds);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Args = _arguments,
            ChromiumSandbox = false,
        });
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>A page that shares nothing with those before: no storage, no cache.</summary>
    internal static async Task<IPage> NewPageAsync(int width)
    {
        IBrowserContext context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
        });
        return await context.NewPageAsync();
    }

    private static string? Find() => Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } given
        ? given
        : _places.FirstOrDefault(File.Exists);
}
