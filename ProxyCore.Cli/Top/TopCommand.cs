using System.CommandLine;
using ProxyCore.Cli.Remote;
using ProxyCore.Cli.Signals;
using ProxyCore.Hosting;
using Spectre.Console;

namespace ProxyCore.Cli.Top;

/// <summary><c>proxycore top</c>: shows in a terminal what the admin page of a running proxy reports, live.</summary>
internal sealed class TopCommand
{
    private static readonly TimeSpan _defaultInterval = TimeSpan.FromSeconds(1);

    private readonly Argument<ProxyEndpoint> _endpoint = new("ENDPOINT")
    {
        Description = $"Where its admin page is: what --admin said, or its address as in a browser [default: {AdminAccess.DefaultEndpoint}]",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = static result => CheckedOption.ParseArgument(result, Endpoints.ParseAdmin),
    };

    private readonly AdminAccess _access = new();

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
            _endpoint, _interval, _once,
        };
        _access.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        using var signals = new StopSignals();
        HangupSignal.Handle(signals.Stop);
        using var suspension = new TerminalSuspension();
        return await _access.RunAsync(parsed, parsed.GetValue(_endpoint), client =>
        {
            IAnsiConsole console = AnsiConsole.Console;
            var live = new TopLive(client, parsed.ValueOr(_interval, _defaultInterval), console);
            bool isOnce = parsed.GetValue(_once) || Console.IsOutputRedirected || !console.Profile.Capabilities.Ansi;
            return isOnce ? live.ShowOnceAsync(signals.First) : live.RunAsync(signals.First);
        });
    }
}
