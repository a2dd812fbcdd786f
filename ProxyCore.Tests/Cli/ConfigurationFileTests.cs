using System.Net;
using System.Runtime.Versioning;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Tls;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Cli;

/// <summary>The command with a configuration file: checked, run, read again.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class ConfigurationFileTests
{
    private TemporaryFolder _folder = null!;
    private string _file = null!;

    [SetUp]
    public void CreateFolder()
    {
        _folder = new TemporaryFolder();
        _file = Path.Combine(_folder.FullName, "proxycore.json");
    }

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task Check_of_a_good_file_says_so_and_starts_nothing()
    {
        Write(Route("web", "127.0.0.1:0", "127.0.0.1:3000"));

        await using CommandProcess command = await CommandProcess.RunAsync("check", "--config", _file);

        Assert.That(command.Output, Is.EqualTo([$"{_file}: good, 1 route"]));
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    [Platform(Exclude = "Win")]
    public async Task Maximum_that_the_descriptor_limit_can_not_hold_is_a_warning(bool check)
    {
        Write(Route("web", "127.0.0.1:0", "127.0.0.1:3000"));

        await using CommandProcess command = CommandProcess.StartLimited(
            1000, [.. check ? (string[])["check"] : [], "--config", _file, "--set", "MaxConnections=5000"]);

        const string Warning = "MaxConnections is 5000, which needs 10128 descriptors, but the limit of the process (RLIMIT_NOFILE) is 1000: 436 connections fit";
        if (check)
        {
            Assert.That(await command.ExitAsync(), Is.Zero);
            Assert.That(command.Error, Is.EqualTo([$"proxycore: warning: {_file}: {Warning}"]));
            return;
        }

        await command.OutputLineAsync(Warning);
        command.Signal(CommandProcess.Sigterm);
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public async Task Check_warns_of_a_certificate_that_has_expired_and_of_a_key_that_others_may_read()
    {
        using var authority = new TestCertificates();
        string folder = Path.GetDirectoryName(_file)!;
        (string certificate, string key) = authority.IssueExpired("a.example").WriteTo(folder);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Write($$"""
            { "Listen": [ { "Address": "127.0.0.1:0", "Tls": { "Certificates": [ { "Certificate": "{{certificate}}", "Key": "{{key}}" } ] } } ],
              "Upstreams": [ { "Address": "127.0.0.1:3000" } ] }
            """);

        await using CommandProcess command = await CommandProcess.RunAsync("check", "--config", _file);

        Assert.That(command.Output, Is.EqualTo([$"{_file}: good, 1 route"]));
        Assert.That(command.Error, Has.Length.EqualTo(2));
        Assert.That(command.Error[0], Does.StartWith($"proxycore: warning: {_file}: Certificate {certificate} expired on "));
        Assert.That(command.Error[1], Does.StartWith($"proxycore: warning: {_file}: The private key in {key} can be read by every user"));
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Check_warns_of_names_that_do_not_resolve_only_if_asked(bool asked)
    {
        Write(Route("web", "127.0.0.1:0", "no-such-host.invalid:3000"));

        await using CommandProcess command = await CommandProcess.RunAsync(
            ["check", "--config", _file, .. asked ? (string[])["--resolve"] : []]);

        Assert.That(command.Output, Is.EqualTo([$"{_file}: good, 1 route"]));
        Assert.That(command.Error, asked ? Has.Length.EqualTo(1) : Is.Empty);
        Assert.That(command.Error, Has.All.StartsWith(
            $"proxycore: warning: {_file}: Routes:0:Upstreams:0:Address: 'no-such-host.invalid:3000' does not resolve: "));
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [Test]
    public async Task Check_takes_the_arguments_that_a_service_is_started_with()
    {
        Write(Route("web", "127.0.0.1:0", "127.0.0.1:9"));

        await using CommandProcess command = CommandProcess.StartWith(
            [("PROXYCORE_ADMIN_TOKEN", "a-token-of-some-length")],
            "check", "--config", _file, "--admin", "*:9090", "--otlp", "--log-format", "json", "--log-level", "warn", "--loops", "2");

        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That((command.Output, command.Error), Is.EqualTo(((string[])[$"{_file}: good, 1 route"], (string[])[])));
    }

    [Test]
    public async Task Check_takes_a_proxy_without_a_file_too()
    {
        await using CommandProcess good = await CommandProcess.RunAsync("check", "--listen", "*:80", "--upstream", "10.0.0.1:80", "--upstream", "10.0.0.2:80", "--admin", "localhost:9090");
        await using CommandProcess bad = await CommandProcess.RunAsync("check", "--listen", "8080", "--listen", "localhost:8080");
        await using CommandProcess twice = await CommandProcess.RunAsync("check", "--upstream", "3000", "--upstream", "localhost:3000");
        await using CommandProcess noFile = await CommandProcess.RunAsync("check", "--tls-certificate", "/no/such/file.pem");

        Assert.That((good.Output, good.Error), Is.EqualTo(((string[])["the command line: good, 1 route"], (string[])[])));
        Assert.That(bad.Error, Has.Length.EqualTo(1).And.All.StartsWith("proxycore: --listen: "));
        Assert.That(twice.Error, Is.EqualTo(["proxycore: --upstream: 'localhost:3000' is the address of --upstream already"]));
        Assert.That(noFile.Error, Has.Length.EqualTo(1).And.All.StartsWith("proxycore: --tls-certificate"));
        Assert.That((await good.ExitAsync(), await bad.ExitAsync(), await noFile.ExitAsync()), Is.EqualTo((0, 2, 2)));
    }

    [Test]
    public async Task An_upstream_that_is_the_proxys_own_listener_is_a_warning_of_check()
    {
        const string Warning = "Route route1: its upstream 18080 is its own listener, so each client becomes a new client of the proxy";

        await using CommandProcess check = await CommandProcess.RunAsync("check", "--listen", "localhost:18080", "--upstream", "18080");

        Assert.That(check.Error, Is.EqualTo([$"proxycore: warning: the command line: {Warning}"]));
        Assert.That(await check.ExitAsync(), Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Every_mistake_is_told_at_once_and_nothing_is_started(bool check)
    {
        Write("""{ "Listen": ["8080x"], "Upstreams": [ { "Address": "3000", "Weight": "two" } ], "ConectTimeout": "2s" }""");

        await using CommandProcess command = await CommandProcess.RunAsync([.. check ? (string[])["check"] : [], "--config", _file]);

        Assert.That(command.Error, Is.EqualTo(
        [
            $"proxycore: {_file}: Routes:0:Upstreams:0:Weight: 'two' is no whole number",
            $"proxycore: {_file}: Routes:0:ConectTimeout: unknown key; did you mean ConnectTimeout?",
            $"proxycore: {_file}: Routes:0:Listen:0: '8080x' is no endpoint: expected PORT, HOST:PORT or unix:/path",
        ]));
        Assert.That(command.Output, Is.Empty);
        Assert.That(await command.ExitAsync(), Is.EqualTo(2));
    }

    [TestCase("{ \"ProxyCore\":\n { \"Routes\": [ } }", "no JSON: line 2: ")]
    [TestCase("{ \"ProxyCore\": { \"Loops\": 1, \"loops\": 2 } }", "loops: is given twice")]
    [TestCase("{ \"ProxyCor\": {} }", "ProxyCor: unknown key; the keys of a proxy stand below ProxyCore")]
    [TestCase("[]", "must be an object with the key ProxyCore")]
    public async Task File_that_is_none_is_told_in_one_line(string content, string expected)
    {
        await File.WriteAllTextAsync(_file, content);

        await using CommandProcess command = await CommandProcess.RunAsync("check", "--config", _file);

        Assert.That(command.Error[0], Does.StartWith($"proxycore: {_file}: {expected}"));
        Assert.That(await command.ExitAsync(), Is.EqualTo(2));
    }

    [Test]
    public async Task File_that_does_not_exist_is_told()
    {
        await using CommandProcess command = await CommandProcess.RunAsync("--config", _file);

        Assert.That(command.Error, Is.EqualTo([$"proxycore: {_file}: does not exist"]));
        Assert.That(await command.ExitAsync(), Is.EqualTo(2));
    }

    [TestCase("check|--config|x.json|--listen|8080", "--listen: with --config routes stand in the file; override a key with --set")]
    [TestCase("check|--otlp-protocol|http", "--otlp-protocol: has no meaning without --otlp")]
    [TestCase("check|--admin|*:9090", "--admin: '*:9090' can be reached from elsewhere: that needs a token, by --admin-token-file or PROXYCORE_ADMIN_TOKEN")]
    [TestCase("--set|Loops=2", "--set: overrides a file, which --config names")]
    [TestCase("--config|x.json|--set|Loops", "--set: 'Loops' is no setting: write KEY=VALUE, as in Routes:0:ConnectTimeout=2s")]
    [TestCase("--config|x.json|--listen|8080", "--listen: with --config routes stand in the file; override a key with --set")]
    [TestCase("--config|x.json|--tls-certificate|a.pem", "--tls-certificate: with --config routes stand in the file; override a key with --set")]
    [TestCase("--config|x.json|--upstream-tls", "--upstream-tls: with --config routes stand in the file; override a key with --set")]
    [TestCase("--config|x.json|--deny|::1", "--deny: with --config routes stand in the file; override a key with --set")]
    [TestCase("--config|x.json|--idle-timeout|5s", "--idle-timeout: with --config routes stand in the file; override a key with --set")]
    [TestCase("--config|x.json|demo", "--config: has no meaning for this command")]
    public async Task Options_that_do_not_go_together_are_refused(string arguments, string expected)
    {
        await using CommandProcess command = await CommandProcess.RunAsync(arguments.Split('|'));

        Assert.That(command.Error[0], Is.EqualTo($"proxycore: {expected}"));
        Assert.That(await command.ExitAsync(), Is.EqualTo(2));
    }

    [Test]
    public async Task Environment_overrides_the_file_and_the_command_line_overrides_both()
    {
        await using var first = new EchoUpstream();
        await using var second = new EchoUpstream();
        Write($$"""{ "Listen": ["127.0.0.1:0"], "Upstreams": [ { "Address": "127.0.0.1:9" } ] }""");
        await using CommandProcess byEnvironment = CommandProcess.StartWith(
            [("ProxyCore__Routes__0__Upstreams__0__Address", first.Endpoint.ToString()!)], "--config", _file);
        await Echoes(await byEnvironment.PortAsync());
        await using CommandProcess byCommandLine = CommandProcess.StartWith(
            [("ProxyCore__Routes__0__Upstreams__0__Address", "127.0.0.1:9")], "--config", _file, "--set", $"Routes:0:Upstreams:0:Address={second.Endpoint}");
        await Echoes(await byCommandLine.PortAsync());

        Assert.That((first.Accepted, second.Accepted), Is.EqualTo((1, 1)));
    }

    [TestCase("--set", "Loops=65", "--set", "loops=2")]
    [TestCase("--set", "Loops=65", "--loops", "2")]
    [TestCase("--loops", "2", "--set", "Loops=65")]
    public async Task Key_given_twice_has_its_last_value_and_that_of_its_option_before_all(params string[] arguments)
    {
        Write(Route("web", "127.0.0.1:0", "127.0.0.1:3000"), loops: 66);

        await using CommandProcess command = await CommandProcess.RunAsync(["check", "--config", _file, .. arguments]);

        Assert.That(command.Error, Is.Empty);
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [Test]
    public async Task Key_given_twice_with_a_good_value_and_then_a_bad_one_is_refused()
    {
        Write(Route("web", "127.0.0.1:0", "127.0.0.1:3000"));

        await using CommandProcess command = await CommandProcess.RunAsync(
            "check", "--config", _file, "--set", "Loops=2", "--set", "Loops=65");

        Assert.That(command.Error, Has.Length.EqualTo(1).And.Some.Contains("Loops"));
        Assert.That(await command.ExitAsync(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_variable_that_is_called_like_the_section_is_none_of_ours()
    {
        Write(Route("web", "127.0.0.1:0", "127.0.0.1:9"));

        await using CommandProcess command = CommandProcess.StartWith([("PROXYCORE", "x"), ("PROXYCORE_X", "y")], "check", "--config", _file);

        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That(command.Error, Is.Empty);
    }

    [Test]
    public async Task An_error_in_a_variable_or_on_the_command_line_names_its_place()
    {
        Write(Route("web", "127.0.0.1:0", "127.0.0.1:9"));

        await using CommandProcess command = CommandProcess.StartWith(
            [("ProxyCore__Loops", "many"), ("ProxyCore__Routes__0__Listen__0", "no")], "check", "--config", _file, "--set", "MaxConnections=0");

        Assert.That(await command.ExitAsync(), Is.EqualTo(2));
        Assert.That(command.Error, Is.EqualTo(
        [
            "proxycore: environment variable ProxyCore__Loops: Loops: 'many' is no whole number",
            "proxycore: --set: MaxConnections: must be 1 or more",
            "proxycore: environment variable ProxyCore__Routes__0__Listen__0: Routes:0:Listen:0: 'no' is no endpoint: expected PORT, HOST:PORT or unix:/path",
        ]));
    }

    [Test]
    public async Task File_replaced_by_one_of_the_same_length_and_time_is_noticed()
    {
        await using var first = new EchoUpstream();
        Write(Route("one", "127.0.0.1:0", first.Endpoint.ToString()!));
        DateTime written = File.GetLastWriteTimeUtc(_file);
        await using CommandProcess command = CommandProcess.Start("--config", _file);
        await command.PortAsync();

        Write(Route("two", "127.0.0.1:0", first.Endpoint.ToString()!));
        File.SetLastWriteTimeUtc(_file, written);

        await command.OutputLineAsync("Configuration applied");
    }

    [Test]
    public async Task Link_to_a_folder_that_leads_elsewhere_is_noticed()
    {
        string old = Directory.CreateDirectory(Path.Combine(_folder.FullName, "v1")).FullName;
        string next = Directory.CreateDirectory(Path.Combine(_folder.FullName, "v2")).FullName;
        string data = Path.Combine(_folder.FullName, "..data");
        Write(Route("one", "127.0.0.1:0", "127.0.0.1:9"), Path.Combine(old, "proxycore.json"));
        Write(Route("two", "127.0.0.1:0", "127.0.0.1:9"), Path.Combine(next, "proxycore.json"));
        Directory.CreateSymbolicLink(data, old);
        File.CreateSymbolicLink(_file, Path.Combine("..data", "proxycore.json"));
        await using CommandProcess command = CommandProcess.Start("--config", _file);
        await command.PortAsync();

        // As a cluster does it: a link to the new folder takes the place of the link to the old one, in one step.
        string link = Path.Combine(_folder.FullName, "..data_tmp");
        Directory.CreateSymbolicLink(link, next);
        Rename(link, data);

        await command.OutputLineAsync("Configuration applied");
    }

    [Test]
    public async Task A_text_with_half_a_character_is_refused_by_check_and_start_and_reload()
    {
        const string Cause = "Routes:0:Name: is no text: it has half of a surrogate pair, or bytes that are not UTF-8";
        Write(Route("web", "127.0.0.1:0", "127.0.0.1:9"));
        await using CommandProcess running = CommandProcess.Start("--config", _file);
        await running.PortAsync();
        Write(Route("\\ud800", "127.0.0.1:0", "127.0.0.1:9"));

        running.Signal(CommandProcess.Sighup);
        await running.OutputLineAsync($"[ERROR] Nothing is changed: {_file}: {Cause}");
        await using CommandProcess check = await CommandProcess.RunAsync("check", "--config", _file);
        await using CommandProcess start = await CommandProcess.RunAsync("--config", _file);

        Assert.That((check.Error, start.Error), Is.EqualTo(((string[])[$"proxycore: {_file}: {Cause}"], (string[])[$"proxycore: {_file}: {Cause}"])));
        Assert.That((await check.ExitAsync(), await start.ExitAsync()), Is.EqualTo((2, 2)));
    }

    [Test]
    public async Task The_same_key_twice_on_the_command_line_is_taken_from_the_later_one_and_options_lie_above()
    {
        Write(Route("web", "127.0.0.1:0", "127.0.0.1:9"));

        await using CommandProcess later = await CommandProcess.RunAsync("check", "--config", _file, "--set", "Loops=0", "--set", "Loops=3");
        await using CommandProcess option = await CommandProcess.RunAsync("check", "--config", _file, "--loops", "2", "--set", "Loops=0");

        Assert.That((await later.ExitAsync(), await option.ExitAsync()), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Signal_makes_it_read_the_file_again()
    {
        await using var first = new EchoUpstream();
        await using var second = new EchoUpstream();
        Write(Route("web", "127.0.0.1:0", first.Endpoint.ToString()!));
        await using CommandProcess command = CommandProcess.Start("--config", _file);
        int port = await command.PortAsync();
        using Peer before = await Peer.Connect(new IPEndPoint(IPAddress.Loopback, port));
        await before.Echoes("before");

        Write(Route("web", "127.0.0.1:0", second.Endpoint.ToString()!));
        command.Signal(CommandProcess.Sighup);
        await command.OutputLineAsync("Configuration applied: 1 routes; 0 endpoints added, 0 removed");

        await Echoes(port);
        await before.Echoes("still there");
        Assert.That((first.Accepted, second.Accepted), Is.EqualTo((1, 1)));
        command.Signal(CommandProcess.Sigterm);
        before.Dispose();
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [Test]
    public async Task Toxics_of_the_file_act_and_a_reload_changes_and_removes_them()
    {
        await using var upstream = new EchoUpstream();
        Write(RouteWith(""" { "Type": "Refuse" } """));
        await using CommandProcess command = CommandProcess.Start("--config", _file);
        await command.OutputLineAsync("Toxic refuse added to route web: refuse end=Reset");
        int port = await command.PortAsync();
        using (Peer refused = await Peer.Connect(new IPEndPoint(IPAddress.Loopback, port)))
        {
            await refused.ReceivesReset();
        }

        await Reload(""" { "Type": "refuse", "End": "Fin" } """, "Toxic refuse of route web changed: refuse end=Fin");
        using (Peer refused = await Peer.Connect(new IPEndPoint(IPAddress.Loopback, port)))
        {
            await refused.ReceivesEof();
        }

        await Reload(""" { "Type": "connect_delay", "Delay": "1ms" } """, "Toxic connect_delay added to route web: connect_delay delay=1ms");
        await command.OutputLineAsync("Toxic refuse removed from route web; it acted on 2 connections and ended 2");
        await Echoes(port);

        async Task Reload(string toxic, string line)
        {
            Write(RouteWith(toxic));
            command.Signal(CommandProcess.Sighup);
            await command.OutputLineAsync(line);
        }

        string RouteWith(string toxic) =>
            $$"""{ "Name": "web", "Listen": ["127.0.0.1:0"], "Upstreams": [ { "Address": "{{upstream.Endpoint}}" } ], "Toxics": [ {{toxic}} ] }""";
    }

    [Test]
    public async Task Changed_file_is_noticed_also_when_another_is_put_in_its_place()
    {
        await using var upstream = new EchoUpstream();
        string old = Path.Combine(_folder.FullName, "old.json");
        Write(Route("web", "127.0.0.1:0", "127.0.0.1:9"), old);
        File.CreateSymbolicLink(_file, old);
        await using CommandProcess command = CommandProcess.Start("--config", _file);
        int port = await command.PortAsync();

        // As a cluster does it: the link leads to another file, in one step.
        string next = Path.Combine(_folder.FullName, "next.json");
        Write(Route("web", "127.0.0.1:0", upstream.Endpoint.ToString()!), next);
        string link = Path.Combine(_folder.FullName, "link");
        File.CreateSymbolicLink(link, next);
        File.Move(link, _file, overwrite: true);
        await command.OutputLineAsync("Configuration applied");

        await Echoes(port);
    }

    [Test]
    public async Task Bad_file_changes_nothing_and_says_why_and_the_next_good_one_is_taken()
    {
        await using var upstream = new EchoUpstream();
        await using var occupier = new TestUpstream();
        Write(Route("web", "127.0.0.1:0", upstream.Endpoint.ToString()!));
        await using CommandProcess command = CommandProcess.Start("--config", _file);
        int port = await command.PortAsync();

        await File.WriteAllTextAsync(_file, "{ no json");
        command.Signal(CommandProcess.Sighup);
        await command.OutputLineAsync($"[ERROR] Nothing is changed: {_file}: no JSON: line 1: ");
        Write(Route("web", occupier.Endpoint.ToString()!, upstream.Endpoint.ToString()!));
        command.Signal(CommandProcess.Sighup);
        await command.OutputLineAsync($"[ERROR] Nothing is changed: Cannot listen on {occupier.Endpoint}: the address is already in use");
        Write(Route("web", "127.0.0.1:0", upstream.Endpoint.ToString()!), loops: 2);
        command.Signal(CommandProcess.Sighup);
        await command.OutputLineAsync("[ERROR] Nothing is changed: Loops: can't be changed while the proxy runs");
        await Echoes(port);

        Write($"{Route("web", "127.0.0.1:0", upstream.Endpoint.ToString()!)}, {Route("more", "localhost:0", upstream.Endpoint.ToString()!)}");
        command.Signal(CommandProcess.Sighup);
        await command.OutputLineAsync("Configuration applied: 2 routes; 1 endpoints added, 0 removed");
        await Echoes(port);
    }

    private static string Route(string name, string listen, string upstream) =>
        $$"""{ "Name": "{{name}}", "Listen": ["{{listen}}"], "Upstreams": [ { "Address": "{{upstream}}" } ] }""";

    private static async Task Echoes(int port)
    {
        using Peer client = await Peer.Connect(new IPEndPoint(IPAddress.Loopback, port));
        await client.Echoes("hello");
    }

    // File.Move and Directory.Move do not put a link in the place of another link.
    private static void Rename(string from, string to)
    {
        using var moved = System.Diagnostics.Process.Start("mv", ["-T", from, to]);
        moved.WaitForExit();
        Assert.That(moved.ExitCode, Is.Zero);
    }

    private void Write(string routes, string? file = null, int loops = 1) =>
        File.WriteAllText(file ?? _file, $$"""{ "ProxyCore": { "Loops": {{loops}}, "Routes": [ {{routes}} ] } }""");
}
