using System.CommandLine;
using System.Text.Json.Nodes;
using ProxyCore.Cli.Admin;

namespace ProxyCore.Cli.Remote;

/// <summary><c>proxycore upstream</c>: changes an upstream of a running proxy by hand, through its admin page.</summary>
internal sealed class UpstreamCommand
{
    private readonly AdminAccess _access = new();

    private readonly Argument<string> _upstream = new("UPSTREAM")
    {
        Description = "Its address as it is configured, or one of the addresses of a name",
        CustomParser = static result => CheckedOption.ParseArgument(result, ParseName),
    };

    private readonly Option<string> _route = CheckedOption.Once("--route", "NAME", "Its route [default: the only one]", ParseName);

    private readonly Option<ProxyEndpoint> _admin = CheckedOption.Once(
        "--admin", "ENDPOINT", $"Where the admin page of the proxy is [default: {AdminAccess.DefaultEndpoint}]", Endpoints.ParseAdmin);

    private readonly Option<bool> _cut = CheckedOption.Switch("--cut", "End the connections that it has, with a reset for both sides");

    internal Command Build()
    {
        Argument<int> weight = Value("Its share of the connections beside the weights of the others: 0 to 1000", Counts.ParseWeight);
        Argument<int> maximum = Value("How many connections it may have at a time: 1 or more", Counts.Parse);
        return new Command("upstream", "Changes an upstream of a running proxy, through its admin page.")
        {
            Action("drain", "Gives it no new connections; health checks go on.", _cut, static _ => StateIs(UpstreamAdministration.Drain)),
            Action("disable", "Gives it no new connections, and ends its health checks.", _cut, static _ => StateIs(UpstreamAdministration.Disabled)),
            Action("ready", "Gives it connections again.", null, static _ => StateIs(UpstreamAdministration.Ready)),
            Action("cut", "Ends the connections that it has, with a reset for both sides.", null, static _ => new() { [UpstreamChangeReader.Cut] = true }),
            Action("weight", "Sets its weight.", weight, parsed => new() { [UpstreamChangeReader.Weight] = parsed.GetRequiredValue(weight) }),
            Action("maximum", "Sets its maximum of connections.", maximum, parsed => new() { [UpstreamChangeReader.Maximum] = parsed.GetRequiredValue(maximum) }),
            Action("reset", "Gives its state, weight and maximum back to the configuration.", null, static _ => new()
            {
                [UpstreamChangeReader.State] = null, [UpstreamChangeReader.Weight] = null, [UpstreamChangeReader.Maximum] = null,
            }),
        };
    }

    private static Argument<int> Value(string description, Func<string, int> parse) => new("VALUE")
    {
        Description = description,
        CustomParser = result => CheckedOption.ParseArgument(result, parse),
    };

    private static string ParseName(string text) => text.Length > 0 ? text : throw new FormatException("a name is needed");

    private static JsonObject StateIs(UpstreamAdministration state) => new() { [UpstreamChangeReader.State] = UpstreamChangeReader.NameOf(state) };

    /// <summary>A command below this one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="own">An argument or option that only some of the commands have.</param>
    /// <param name="change">What it asks the proxy to change.</param>
    private Command Action(string name, string description, Symbol? own, Func<ParseResult, JsonObject> change)
    {
        var command = new Command(name, description) { _upstream, _route, _admin };
        switch (own)
        {
            case Argument value:
                command.Add(value);
                break;
            case Option option:
                command.Add(option);
                break;
        }

        _access.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, change(parsed), cancellationToken));
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, JsonObject change, CancellationToken cancellationToken)
    {
        change[UpstreamChangeReader.Upstream] = parsed.GetRequiredValue(_upstream);
        if (parsed.GetResult(_route) is not null)
        {
            change[UpstreamChangeReader.Route] = parsed.GetRequiredValue(_route);
        }

        if (parsed.GetValue(_cut))
        {
            change[UpstreamChangeReader.Cut] = true;
        }

        return _access.RunAsync(parsed, parsed.GetValue(_admin), async client =>
        {
            UpstreamsView now = await client.ChangeUpstreamAsync(change, cancellationToken);
            foreach (UpstreamView upstream in now.Upstreams)
            {
                await Console.Out.WriteLineAsync(OneLine.Escape(UpstreamLine.Of(now.Route, upstream)));
            }
        });
    }
}
