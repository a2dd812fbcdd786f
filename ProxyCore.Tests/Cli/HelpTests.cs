using System.Reflection;

namespace ProxyCore.Tests.Cli;

[Parallelizable(ParallelScope.Self)]
internal sealed class HelpTests
{
    private static readonly string[] _ofTheRelayAlone = ["--config <FILE>", "--set <KEY=VALUE>"];
    private static readonly string[] _ofTheDemoAlone = ["--tls  "];
    private static readonly string[] _everyOption =
    [
        "--listen <ENDPOINT>", "--upstream <ENDPOINT>", "--connect-timeout <TIME>", "--idle-timeout <TIME>",
        "--half-close-timeout <TIME>", "--allow <RANGE>", "--deny <RANGE>", "--drain-timeout <TIME>", "--loops <NUMBER>", "--max-connections <NUMBER>", "--buffer-size <BYTES>",
        "--no-parking", "--tls-certificate <FILE>", "--tls-key <FILE>", "--upstream-tls <NAME>", "--upstream-ca <FILE>", "--tls-engine <ENGINE>", "--dns <ADDRESS>", "--admin <ENDPOINT>", "--admin-token-file <FILE>", "--otlp <URL>", "--otlp-protocol <PROTOCOL>", "--log-level <LEVEL>", "--log-format <FORMAT>", "--log-time <ZONE>", "--help",
    ];

    [TestCase("--help")]
    [TestCase("demo --help")]
    [TestCase("--bogus --help")]
    public async Task Help_shows_every_option_with_its_default_and_examples(string arguments)
    {
        await using CommandProcess command = await CommandProcess.RunAsync(arguments.Split(' '));

        string help = string.Join('\n', command.Output);
        bool isDemo = arguments.StartsWith("demo", StringComparison.Ordinal);
        foreach (string option in _everyOption.Concat(isDemo ? _ofTheDemoAlone : _ofTheRelayAlone))
        {
            Assert.That(help, Does.Contain($"  {option}").Or.Contain($", {option}"));
        }

        foreach (string value in (string[])["localhost:8080", "5s", "1h", "1m", "30s", "1", "256k", "auto", "info", "text"])
        {
            Assert.That(help, Does.Contain($"[default: {value}]"));
        }

        Assert.That(help, Does.Contain("Usage:\n  proxycore ").And.Contain(isDemo ? "Examples:\n  proxycore demo\n" : "Examples:\n  proxycore\n"));
        Assert.That(command.Error, Is.Empty);
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [TestCase("demo")]
    [TestCase("check")]
    [TestCase("top")]
    [TestCase("upstream")]
    [TestCase("upstream", "drain")]
    [TestCase("toxiproxy")]
    public async Task Help_of_a_command_has_examples_of_this_command_only(params string[] command)
    {
        await using CommandProcess help = await CommandProcess.RunAsync([.. command, "--help"]);

        string[] examples = [.. help.Output.SkipWhile(static line => line != "Examples:").Where(static line => line.StartsWith("  proxycore", StringComparison.Ordinal))];
        Assert.That(examples, Is.Not.Empty.And.All.StartsWith($"  proxycore {command[0]}"));
    }

    [Test]
    public async Task Version_is_the_assemblys()
    {
        await using CommandProcess command = await CommandProcess.RunAsync("--version");

        string version = typeof(ProxyCore.Cli.ExitCode).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        Assert.That(command.Output, Is.EqualTo(new[] { version }));
        Assert.That(await command.ExitAsync(), Is.Zero);
    }
}
