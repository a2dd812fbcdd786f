using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using ProxyCore.Cli;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Cli;

[Platform(Exclude = "Win", Reason = "Signals are sent with kill.")]
[Parallelizable(ParallelScope.Self)]
internal sealed class DemoTests
{
    private TemporaryFolder _folder = null!;
    private HttpClient _http = null!;

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TemporaryFolder();
        _http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };

        // It leaves an idle connection that the server has ended half open for long, and that would be drained.
        _http.DefaultRequestHeaders.ConnectionClose = true;
    }

    [TearDown]
    public void RemoveFolder()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task A_folder_is_listed_and_its_files_come_byte_for_byte()
    {
        byte[] content = new byte[3_000_000];
        new Random(1).NextBytes(content);
        _folder.Add("content.unknown-type", content);
        await using CommandProcess command = CommandProcess.Start("demo", _folder.FullName, "--listen", "localhost:0");
        Uri address = await AddressAsync(command);

        string listing = await _http.GetStringAsync(address);
        byte[] received = await _http.GetByteArrayAsync(new Uri(address, "content.unknown-type"));

        Assert.That(listing, Does.Contain("content.unknown-type"));
        Assert.That(received.AsSpan().SequenceEqual(content), Is.True, "the file is the same");
        await StopsCleanly(command);
    }

    [Test]
    public async Task A_connection_that_a_browser_keeps_alive_does_not_hold_up_the_stop()
    {
        await using CommandProcess command = CommandProcess.Start(
            "demo", _folder.FullName, "--listen", "localhost:0", "--drain-timeout", "1h");
        Uri address = await AddressAsync(command);
        using Peer browser = await Peer.Connect(new IPEndPoint(IPAddress.Loopback, address.Port));
        await browser.Send($"GET / HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n");
        await browser.Receive("HTTP/1.1 200 OK".Length);

        command.Signal(CommandProcess.Sigterm);
        await browser.ReceiveToEnd();
        browser.Dispose();

        // Far from the hour of the drain.
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [Test]
    public async Task The_current_folder_is_served_and_none_of_its_settings_are_obeyed()
    {
        _folder.Add("appsettings.json", "{ no JSON"u8.ToArray());
        await using CommandProcess command = CommandProcess.StartIn(_folder.FullName, "demo", "--listen", "127.0.0.1:0");

        Uri address = await AddressAsync(command);

        Assert.That(address.Host, Is.EqualTo("127.0.0.1"));
        Assert.That(await _http.GetStringAsync(address), Does.Contain("appsettings.json"));
        Assert.That(command.Output, Has.One.EndsWith($"(serving {_folder.FullName})"));
        await StopsCleanly(command);
    }

    [TestCase("127.0.0.1:0")]
    [TestCase("[::1]:0")]
    [TestCase("0")]
    public async Task Upstream_says_where_the_file_server_listens(string upstream)
    {
        _folder.Add("file", []);
        await using CommandProcess command = CommandProcess.Start(
            "demo", _folder.FullName, "--listen", "*:0", "--upstream", upstream, "--log-level", "debug");

        string listing = await _http.GetStringAsync(await AddressAsync(command));

        Assert.That(listing, Does.Contain("file"));
        string connecting = await command.OutputLineAsync("connecting to ");
        Assert.That(connecting, Does.Contain(upstream.StartsWith('[') ? "[::1]:" : "127.0.0.1:"));
        await StopsCleanly(command);
    }

    [Test]
    public async Task The_file_server_can_listen_on_a_unix_socket_and_is_gone_after_the_stop()
    {
        _folder.Add("file", []);
        string path = $"{_folder.FullName}/socket";
        await using CommandProcess command = CommandProcess.Start(
            "demo", _folder.FullName, "--listen", "localhost:0", "--upstream", $"unix:{path}");

        Assert.That(await _http.GetStringAsync(await AddressAsync(command)), Does.Contain("file"));
        Assert.That(File.Exists(path), Is.True);
        await StopsCleanly(command);

        Assert.That(File.Exists(path), Is.False);
    }

    [Test]
    public async Task The_proxy_can_listen_on_a_unix_socket()
    {
        string path = $"{_folder.FullName}/socket";
        await using CommandProcess command = CommandProcess.Start("demo", _folder.FullName, "--listen", $"unix:{path}");
        await command.OutputLineAsync($"[INFO] Open unix:{path} (serving {_folder.FullName})");

        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(path));
        await client.SendAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(new NetworkStream(client));

        Assert.That(await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(10)), Is.EqualTo("HTTP/1.1 200 OK"));
    }

    [Test]
    public async Task Nothing_of_the_file_server_is_logged_but_warnings()
    {
        await using CommandProcess command = CommandProcess.Start(
            "demo", _folder.FullName, "--listen", "localhost:0", "--log-level", "trace", "--log-format", "json");
        string open = await command.OutputLineAsync("Open ");
        using JsonDocument entry = JsonDocument.Parse(open);
        await _http.GetStringAsync(new Uri(entry.RootElement.GetProperty("State").GetProperty("Url").GetString()!));

        command.Signal(CommandProcess.Sigterm);

        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That(command.Output, Has.All.Contains("\"Category\":\"ProxyCore"));
    }

    [Test]
    public async Task A_file_that_is_under_way_arrives_whole_after_the_first_signal()
    {
        byte[] content = new byte[20_000_000];
        new Random(1).NextBytes(content);
        _folder.Add("file", content);
        await using CommandProcess command = CommandProcess.Start("demo", _folder.FullName, "--listen", "localhost:0");
        var address = new Uri(await AddressAsync(command), "file");

        using HttpResponseMessage response = await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        command.Signal(CommandProcess.Sigint);
        await command.OutputLineAsync("Press Ctrl+C again");
        byte[] received = await response.Content.ReadAsByteArrayAsync();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(received.AsSpan().SequenceEqual(content), Is.True, "the file is the same");
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public async Task With_tls_it_serves_https_with_a_certificate_of_its_own_that_is_gone_after_the_stop()
    {
        await using CommandProcess command = CommandProcess.StartWith(
            [("TMPDIR", _folder.FullName)], "demo", "--tls", "--listen", "localhost:0");
        await command.OutputLineAsync("[INFO] Open https://localhost:");
        string hint = await command.OutputLineAsync("[INFO] The certificate is self-signed");
        string file = Directory.GetFiles(_folder.FullName, "localhost.pem", SearchOption.AllDirectories).Single();

        Assert.That(hint, Does.Contain($" {file} "));
        Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        await StopsCleanly(command);
        Assert.That(CertificatesLeft(), Is.Empty);
    }

    [Test]
    public async Task Of_a_start_that_fails_no_certificate_is_left()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using CommandProcess command = CommandProcess.StartWith(
            [("TMPDIR", _folder.FullName)], "demo", "--tls", "--listen", $"{taken.LocalEndpoint}");

        Assert.That(await command.ExitAsync(), Is.EqualTo(1));
        Assert.That(CertificatesLeft(), Is.Empty);
    }

    [TestCase("http")]
    [TestCase("https")]
    public async Task A_redirect_to_a_folder_has_the_scheme_that_the_client_speaks(string scheme)
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "below"));
        await using HttpServer server = await FileServer.StartAsync(
            _folder.FullName, ProxyEndpoint.Parse("127.0.0.1:0"), scheme, new RecordedLog(LogLevel.Warning));
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });

        using HttpResponseMessage response = await http.GetAsync(new Uri(new Uri(server.Url), "below"));

        Assert.That(response.Headers.Location, Is.EqualTo(new Uri($"{scheme}://{new Uri(server.Url).Authority}/below/")));
    }

    // The runtime keeps files of its own there, for tools.
    private string[] CertificatesLeft() =>
        [.. Directory.GetDirectories(_folder.FullName), .. Directory.GetFiles(_folder.FullName, "*.pem", SearchOption.AllDirectories)];

    private static async Task<Uri> AddressAsync(CommandProcess command)
    {
        string line = await command.OutputLineAsync("[INFO] Open http://");
        return new Uri(line.Split(' ')[2]);
    }

    private static async Task StopsCleanly(CommandProcess command)
    {
        command.Signal(CommandProcess.Sigint);
        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That(command.Error, Is.Empty);
        Assert.That(command.Output, Has.None.StartsWith("[WARN]"));
    }
}
