using System.CommandLine;
using ProxyCore.Cli.Admin;
using ProxyCore.Cli.Signals;
using ProxyCore.Hosting;
using Spectre.Console;

namespace ProxyCore.Cli.Top;

/// <summary><c>proxycore top</c>: shows in a terminal what the admin page of a running proxy reports, live.</summary>
internal sealed class TopCommand
{
    private const string DefaultEndpoint = "localhost:9090";
    private static readonly TimeSpan _defaultInterval = TimeSpan.FromSeconds(1);

    private readonly Argument<ProxyEndpoint> _endpoint = new("ENDPOINT")
    {
        Description = $"Where its admin page is: what --admin said [default: {DefaultEndpoint}]",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = static result => CheckedOption.ParseArgument(result, Endpoints.ParseAdmin),
    };

    private readonly Option<AdminToken> _tokenFile = CheckedOption.Once(
        "--admin-token-file", "FILE", $"The token that it asks for [default: {AdminToken.Variable}]", AdminToken.Read);

    private readonly Option<TimeSpan> _interval = CheckedOption.Once(
        "--interval",
        "TIME",
        $"From one look to the next; the page has something new once a second [default: {Durations.Format(_defaultInterval)}]",
        Durations.ParsePositive);

    private readonly Option<bool> _once = CheckedOption.Switch(
        "--once", "Show it once, and end [default: where the output is no terminal]");

    internal Command Build()
    {
        var command = new Command("top", "Shows what a running proxy does, live: routes, upstreams, loops, connections.")
        {
            _endpoint, _tokenFile, _interval, _once,
        };
        command.Validators.Add(static result => OptionsBefore.Refuse(result, "top"));
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        ProxyEndpoint endpoint = parsed.GetValue(_endpoint) ?? ProxyEndpoint.Parse(DefaultEndpoint);
        using var signals = new StopSignals();
        HangupSignal.Handle(signals.Stop);
        using var suspension = new TerminalSuspension();
        try
        {
            AdminToken? token = parsed.GetResult(_tokenFile) is null ? AdminToken.FromVariable() : parsed.GetRequiredValue(_tokenFile);
            using var client = new AdminClient(endpoint, token);
            var live = new TopLive(client, parsed.ValueOr(_interval, _defaultInterval), AnsiConsole.Console);
            await (parsed.GetValue(_once) || Console.IsOutputRedirected ? live.ShowOnceAsync(signals.First) : live.RunAsync(signals.First));
            return ExitCode.Stopped;
        }
        catch (FormatException exception)
        {
            return UsageErrors.Write([exception.Message]);
        }
        catch (AdminClientException exception)
        {
            StandardStreams.WriteError($"proxycore: {OneLine.Escape(exception.Message)}");
            return ExitCode.CannotRun;
        }
    }
}
