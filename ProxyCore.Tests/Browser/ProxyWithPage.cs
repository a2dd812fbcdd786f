using System.Globalization;
using System.Text.Json;
using ProxyCore.Tests.Cli;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Browser;

/// <summary>The command, relaying by a configuration of its own, with its admin page.</summary>
internal sealed class ProxyWithPage : IAsyncDisposable
{
    internal const string Token = "only-the-tests-know-this-token";

    private static readonly string[] _anyPort = ["127.0.0.1:0"];

    private readonly TemporaryFolder _folder = new();
    private readonly string _configuration;
    private readonly bool _hasToken;
    private CommandProcess _command = null!;

    private ProxyWithPage(IEnumerable<(string Name, string Upstream)> routes, bool hasToken, string? checkEvery, object[] toxics)
    {
        _hasToken = hasToken;
        var file = new
        {
            ProxyCore = new
            {
                Routes = routes.Select(route => new
                {
                    route.Name,
                    Listen = _anyPort,
                    Upstreams = new[] { new { Address = route.Upstream } },
                    HealthCheck = checkEvery is null ? null : new { Interval = checkEvery, Fall = 1 },
                    Toxics = toxics,
                }),
            },
        };
        _configuration = _folder.Add("proxycore.json", JsonSerializer.SerializeToUtf8Bytes(file));
        _folder.Add("token", System.Text.Encoding.ASCII.GetBytes(Token));
    }

    /// <summary>Where the clients of the first route come in.</summary>
    internal int Port { get; private set; }

    internal System.Net.IPEndPoint Endpoint => new(System.Net.IPAddress.Loopback, Port);

    /// <summary>Where the page is.</summary>
    internal Uri Page { get; private set; } = new("http://127.0.0.1:0/");

    internal static Task<ProxyWithPage> StartAsync(string upstream, bool hasToken = false) =>
        StartAsync([("web", upstream)], hasToken);

    internal static Task<ProxyWithPage> StartAsync(
        IEnumerable<(string Name, string Upstream)> routes, bool hasToken = false, params object[] toxics) =>
        StartAsync(new ProxyWithPage(routes, hasToken, checkEvery: null, toxics));

    /// <summary>One that checks its upstreams; a single failure takes one down.</summary>
    internal static Task<ProxyWithPage> StartCheckedAsync(IEnumerable<(string Name, string Upstream)> routes, string checkEvery) =>
        StartAsync(new ProxyWithPage(routes, hasToken: false, checkEvery, []));

    private static async Task<ProxyWithPage> StartAsync(ProxyWithPage proxy)
    {
        await proxy.StartAgainAsync();
        return proxy;
    }

    /// <summary>Starts the command once more, with the page where it was.</summary>
    internal async Task StartAgainAsync()
    {
        string admin = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Page.Port}");
        string[] token = _hasToken ? ["--admin-token-file", Path.Combine(_folder.FullName, "token")] : [];
        _command = CommandProcess.Start(["--config", _configuration, "--admin", admin, .. token]);
        string line = await _command.OutputLineAsync("Admin page on ");
        Page = new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..]);
        Port = await _command.PortAsync();
    }

    internal Task<Peer> ConnectAsync() => EchoClient.ConnectAsync(Port);

    /// <summary>Asks it to stop: it drains first.</summary>
    internal void Drain() => _command.Signal(CommandProcess.Sigterm);

    internal async Task EndsAsync() => Assert.That(await _command.ExitAsync(), Is.Zero);

    public async ValueTask DisposeAsync()
    {
        await _command.DisposeAsync();
        _folder.Dispose();
    }
}
