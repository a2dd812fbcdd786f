using System.CommandLine;
using Microsoft.Extensions.Logging;

namespace ProxyCore.Cli;

/// <summary><c>proxycore</c>: relays clients to an upstream.</summary>
internal sealed class RelayCommand
{
    private const string DefaultUpstream = "localhost:3000";

    private readonly ProxyOptionSet _options = new();
    private readonly Option<ProxyEndpoint> _upstream = CheckedOption.Once(
        "--upstream",
        "ENDPOINT",
        $"Where connections go [default: {DefaultUpstream}]",
        Endpoints.ParseUpstream);

    /// <summary>The command line as a whole, with the commands below it.</summary>
    internal Command Build()
    {
        // Not a RootCommand: that takes its name from the file that runs, which may be the assembly's.
        var command = new Command("proxycore", "Relays TCP connections to an upstream.");
        _options.AddTo(command, _upstream);
        command.Add(ExamplesHelp.CreateOption());
        command.Add(new VersionOption());
        command.Add(new DemoCommand(_options).Build(_upstream));
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        ProxyEndpoint upstream = parsed.ValueOr(_upstream, ProxyEndpoint.Parse(DefaultUpstream));
        using var signals = new StopSignals();
        using ILoggerFactory loggerFactory = _options.CreateLogging(parsed);
        return await ProxyHost.RunAsync(_options.Read(parsed, upstream), loggerFactory, signals);
    }
}
