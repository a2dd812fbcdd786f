using System.Runtime.Versioning;
using ProxyCore.Tests.Tls;

namespace ProxyCore.Tests.Cli;

/// <summary>The command with a configuration file that is checked: what is good, what is warned of, and every mistake.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class ConfigurationCheckTests : ConfigurationFileFixture
{
    [Test]
    public async Task Check_of_a_good_file_says_so_and_starts_nothing()
    {
        Write(Route("web", "127.0.0.1:0", "127.0.0.1:3000"));

        await using CommandProcess command = await CommandProcess.RunAsync("check", "--config", ConfigurationFile);

        Assert.That(command.Output, Is.EqualTo([$"{ConfigurationFile}: good, 1 route"]));
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    [Platform(Exclude = "Win")]
    public async Task Maximum_that_the_descriptor_limit_can_not_hold_is_a_warning(bool check)
    {
        Write(Route("web", "127.0.0.1:0", "127.0.0.1:3000"));

        await using CommandProcess command = CommandProcess.StartLimited(
            1000, [.. check ? (string[])["check"] : [], "--config", ConfigurationFile, "--set", "MaxConnections=5000"]);

        const string Warning = "MaxConnections is 5000, which needs 10128 descriptors, but the limit of the process (RLIMIT_NOFILE) is 1000: 436 connections fit";
        if (check)
        {
            Assert.That(await command.ExitAsync(), Is.Zero);
            Assert.That(command.Error, Is.EqualTo([$"proxycore: warning: {ConfigurationFile}: {Warning}"]));
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
        (string certificate, string key) = authority.IssueExpired("a.example").WriteTo(Folder);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Write($$"""
            { "Listen": [ { "Address": "127.0.0.1:0", "Tls": { "Certificates": [ { "Certificate": "{{certificate}}", "Key": "{{key}}" } ] } } ],
              "Upstreams": [ { "Address": "127.0.0.1:3000" } ] }
            """);

        await using CommandProcess command = await CommandProcess.RunAsync("check", "--config", ConfigurationFile);

        Assert.That(command.Output, Is.EqualTo([$"{ConfigurationFile}: good, 1 route"]));
        Assert.That(command.Error, Has.Length.EqualTo(2));
        Assert.That(command.Error[0], Does.StartWith($"proxycore: warning: {ConfigurationFile}: Certificate {certificate} expired on "));
        Assert.That(command.Error[1], Does.StartWith($"proxycore: warning: {ConfigurationFile}: The private key in {key} can be read by every user"));
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Check_warns_of_names_that_do_not_resolve_only_if_asked(bool asked)
    {
        Write(Route("web", "127.0.0.1:0", "no-such-host.invalid:3000"));

        await using CommandProcess command = await CommandProcess.RunAsync(
            ["check", "--config", ConfigurationFile, .. asked ? (string[])["--resolve"] : []]);

        Assert.That(command.Output, Is.EqualTo([$"{ConfigurationFile}: good, 1 route"]));
        Assert.That(command.Error, asked ? Has.Length.EqualTo(1) : Is.Empty);
        Assert.That(command.Error, Has.All.StartsWith(
            $"proxycore: warning: {ConfigurationFile}: Routes:0:Upstreams:0:Address: 'no-such-host.invalid:3000' does not resolve: "));
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [Test]
    public async Task Check_takes_the_arguments_that_a_service_is_started_with()
    {
        Write(Route("web", "127.0.0.1:0", "127.0.0.1:9"));

        await using CommandProcess command = CommandProcess.StartWith(
            [("PROXYCORE_ADMIN_TOKEN", "a-token-of-some-length")],
            "check", "--config", ConfigurationFile, "--admin", "*:9090", "--otlp", "--log-format", "json", "--log-level", "warn", "--loops", "2");

        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That((command.Output, command.Error), Is.EqualTo(((string[])[$"{ConfigurationFile}: good, 1 route"], (string[])[])));
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

        await using CommandProcess command = await CommandProcess.RunAsync([.. check ? (string[])["check"] : [], "--config", ConfigurationFile]);

        Assert.That(command.Error, Is.EqualTo(
        [
            $"proxycore: {ConfigurationFile}: Routes:0:Upstreams:0:Weight: 'two' is no whole number",
            $"proxycore: {ConfigurationFile}: Routes:0:ConectTimeout: unknown key; did you mean ConnectTimeout?",
            $"proxycore: {ConfigurationFile}: Routes:0:Listen:0: '8080x' is no endpoint: expected PORT, HOST:PORT or unix:/path",
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
        await File.WriteAllTextAsync(ConfigurationFile, content);

        await using CommandProcess command = await CommandProcess.RunAsync("check", "--config", ConfigurationFile);

        Assert.That(command.Error[0], Does.StartWith($"proxycore: {ConfigurationFile}: {expected}"));
        Assert.That(await command.ExitAsync(), Is.EqualTo(2));
    }

    [Test]
    public async Task File_that_does_not_exist_is_told()
    {
        await using CommandProcess command = await CommandProcess.RunAsync("--config", ConfigurationFile);

        Assert.That(command.Error, Is.EqualTo([$"proxycore: {ConfigurationFile}: does not exist"]));
        Assert.That(await command.ExitAsync(), Is.EqualTo(2));
    }
}
