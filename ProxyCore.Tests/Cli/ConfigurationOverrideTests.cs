using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Cli;

/// <summary>A configuration file, and what overrides it: the environment, and the command line.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class ConfigurationOverrideTests : ConfigurationFileFixture
{
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
            [("ProxyCore__Routes__0__Upstreams__0__Address", first.Endpoint.ToString()!)], "--config", ConfigurationFile);
        await Echoes(await byEnvironment.PortAsync());
        await using CommandProcess byCommandLine = CommandProcess.StartWith(
            [("ProxyCore__Routes__0__Upstreams__0__Address", "127.0.0.1:9")], "--config", ConfigurationFile, "--set", $"Routes:0:Upstreams:0:Address={second.Endpoint}");
        await Echoes(await byCommandLine.PortAsync());

        Assert.That((first.Accepted, second.Accepted), Is.EqualTo((1, 1)));
    }

    [TestCase("--set", "Loops=65", "--set", "loops=2")]
    [TestCase("--set", "Loops=65", "--loops", "2")]
    [TestCase("--loops", "2", "--set", "Loops=65")]
    public async Task Key_given_twice_has_its_last_value_and_that_of_its_option_before_all(params string[] arguments)
    {
        Write(Route("web", "127.0.0.1:0", "127.0.0.1:3000"), loops: 66);

        await using CommandProcess command = await CommandProcess.RunAsync(["check", "--config", ConfigurationFile, .. arguments]);

        Assert.That(command.Error, Is.Empty);
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [Test]
    public async Task Key_given_twice_with_a_good_value_and_then_a_bad_one_is_refused()
    {
        Write(Route("web", "127.0.0.1:0", "127.0.0.1:3000"));

        await using CommandProcess command = await CommandProcess.RunAsync(
            "check", "--config", ConfigurationFile, "--set", "Loops=2", "--set", "Loops=65");

        Assert.That(command.Error, Has.Length.EqualTo(1).And.Some.Contains("Loops"));
        Assert.That(await command.ExitAsync(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_variable_that_is_called_like_the_section_is_none_of_ours()
    {
        Write(Route("web", "127.0.0.1:0", "127.0.0.1:9"));

        await using CommandProcess command = CommandProcess.StartWith([("PROXYCORE", "x"), ("PROXYCORE_X", "y")], "check", "--config", ConfigurationFile);

        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That(command.Error, Is.Empty);
    }

    [Test]
    public async Task An_error_in_a_variable_or_on_the_command_line_names_its_place()
    {
        Write(Route("web", "127.0.0.1:0", "127.0.0.1:9"));

        await using CommandProcess command = CommandProcess.StartWith(
            [("ProxyCore__Loops", "many"), ("ProxyCore__Routes__0__Listen__0", "no")], "check", "--config", ConfigurationFile, "--set", "MaxConnections=0");

        Assert.That(await command.ExitAsync(), Is.EqualTo(2));
        Assert.That(command.Error, Is.EqualTo(
        [
            "proxycore: environment variable ProxyCore__Loops: Loops: 'many' is no whole number",
            "proxycore: --set: MaxConnections: must be 1 or more",
            "proxycore: environment variable ProxyCore__Routes__0__Listen__0: Routes:0:Listen:0: 'no' is no endpoint: expected PORT, HOST:PORT or unix:/path",
        ]));
    }
}
