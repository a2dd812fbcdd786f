using System.CommandLine;
using Microsoft.Extensions.Logging;

namespace ProxyCore.Cli;

/// <summary><c>proxycore</c>: relays clients to an upstream.</summary>
internal sealed class RelayCommand
{
    private const string DefaultUpstream = "localhost:3000";

    private readonly ProxyOptionSet _options = new();
    private readonly ConfigurationOptions _configuration = new();
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
        _configuration.AddTo(command);
        _options.AddTo(command, _upstream);
        command.Validators.Add(result => _configuration.Check(result, _options.OfOneRoute(_upstream)));
        command.Add(ExamplesHelp.CreateOption());
        command.Add(new VersionOption());
        command.Add(new DemoCommand(_options, _configuration).Build(_upstream));
        command.Add(new CheckCommand(_options, _configuration).Build(_upstream));
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed) =>
        _configuration.File(parsed, _options.Keys(parsed)) is { } file ? RunFileAsync(parsed, file) : RunRouteAsync(parsed);

    private async Task<int> RunFileAsync(ParseResult parsed, ConfigurationFile file)
    {
        IReadOnlyList<string> mistakes = file.Read(out TcpProxyOptions options);
        if (mistakes.Count > 0)
        {
            return UsageErrors.Write(mistakes, Console.Error);
        }

        using var signals = new StopSignals();
        using ILoggerFactory loggerFactory = _options.CreateLogging(parsed);
        await using var reloads = new Reloads(file, loggerFactory.CreateLogger<Reloads>());
        return await ProxyHost.RunAsync(options, loggerFactory, signals, reloads.Begin);
    }

    private async Task<int> RunRouteAsync(ParseResult parsed)
    {
        ProxyEndpoint upstream = parsed.ValueOr(_upstream, ProxyEndpoint.Parse(DefaultUpstream));
        using var signals = new StopSignals();
        using ILoggerFactory loggerFactory = _options.CreateLogging(parsed);
        return await ProxyHost.RunAsync(_options.Read(parsed, upstream), loggerFactory, signals);
    }
}
