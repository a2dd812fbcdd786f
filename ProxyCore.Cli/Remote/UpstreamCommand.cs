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
        Argument<int?> weight = Value("How many connections it gets beside the others: 0 to 1000", Counts.ParseWeight);
        Argument<int?> maximum = Value("How many connections it may have at a time: 1 or more", Counts.Parse);
        Command drain = Action("drain", "Gives it no new connections; health checks go on.", static (_, _) => StateIs(UpstreamAdministration.Drain));
        Command disable = Action("disable", "The same, and ends its health checks.", static (_, _) => StateIs(UpstreamAdministration.Disabled));
        drain.Add(_cut);
        disable.Add(_cut);
        return new Command("upstream", "Changes an upstream of a running proxy, through its admin page.")
        {
            drain,
            disable,
            Action("ready", "Gives it connections again.", static (_, _) => StateIs(UpstreamAdministration.Ready)),
            Action("cut", "Ends the connections that it has, with a reset for both sides.", static (_, _) => new() { [UpstreamChangeReader.Cut] = true }),
            Action("weight", "Sets its weight.", (parsed, value) => new() { [UpstreamChangeReader.Weight] = parsed.GetValue(value!) }, weight),
            Action("maximum", "Sets its maximum of connections.", (parsed, value) => new() { [UpstreamChangeReader.Maximum] = parsed.GetValue(value!) }, maximum),
            Action("reset", "Undoes all that was set by hand.", static (_, _) => new()
            {
                [UpstreamChangeReader.State] = null, [UpstreamChangeReader.Weight] = null, [UpstreamChangeReader.Maximum] = null,
            }),
        };
    }

    private static Argument<int?> Value(string description, Func<string, int> parse) => new("VALUE")
    {
        Description = description,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result => CheckedOption.ParseArgument(result, text => (int?)parse(text)),
    };

    private static string ParseName(string text) => text.Length > 0 ? text : throw new FormatException("a name is needed");

    private static JsonObject StateIs(UpstreamAdministration state) => new() { [UpstreamChangeReader.State] = UpstreamChangeReader.NameOf(state) };

    private Command Action(
        string name, string description, Func<ParseResult, Argument<int?>?, JsonObject> change, Argument<int?>? value = null)
    {
        var command = new Command(name, description) { _upstream };
        if (value is not null)
        {
            command.Add(value);
        }

        command.Add(_route);
        command.Add(_admin);
        _access.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, change(parsed, value), cancellationToken));
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
