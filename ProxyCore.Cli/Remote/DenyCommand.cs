using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using ProxyCore.Cli.Admin;
using ProxyCore.Cli.Top;
using ProxyCore.Hosting;

namespace ProxyCore.Cli.Remote;

/// <summary><c>proxycore deny</c>: denies clients of a running proxy for a time, through its admin page.</summary>
internal sealed class DenyCommand
{
    private readonly AdminAccess _access = new();

    private readonly Option<TimeSpan> _for = CheckedOption.Once(
        "--for", "TIME", $"For how long, up to 30 days [default: {Durations.Format(new DenyOptions().Duration)}]", DenyRequestReader.ParseTime);

    private readonly Option<bool> _end = CheckedOption.Switch("--end", "End the connections that they have, with a reset for both sides");

    private readonly Option<ProxyEndpoint> _admin = CheckedOption.Once(
        "--admin", "ENDPOINT", $"Where the admin page of the proxy is [default: {AdminAccess.DefaultEndpoint}]", Endpoints.ParseAdmin);

    internal Command Build()
    {
        Argument<string> address = Address();
        Argument<string> removed = Address();
        var command = new Command("deny", "Lets no new connection of an address or a range into a running proxy for a time, through its admin page.")
        {
            address, _for, _end, _admin,
            Action("remove", "Lets an address or a range in again.", removed, (client, parsed, token) => RemoveAsync(client, parsed.GetRequiredValue(removed), token)),
            Action("list", "Shows what is denied, and for how long.", null, static (client, _, token) => ListAsync(client, token)),
        };
        _access.AddTo(command);
        command.SetAction((parsed, cancellationToken) => _access.RunAsync(
            parsed, parsed.GetValue(_admin), client => DenyAsync(client, Body(parsed, address), cancellationToken)));
        return command;
    }

    private static Argument<string> Address() => new("ADDRESS")
    {
        Description = "An address, or a range such as 10.0.0.0/8",
        CustomParser = static result => CheckedOption.ParseArgument(result, Clients.Parse),
    };

    /// <summary>A command below this one.</summary>
    private Command Action(string name, string description, Argument? own, Func<AdminClient, ParseResult, CancellationToken, Task> work)
    {
        var command = new Command(name, description) { _admin };
        if (own is not null)
        {
            command.Add(own);
        }

        _access.AddTo(command);
        command.SetAction((parsed, cancellationToken) => _access.RunAsync(parsed, parsed.GetValue(_admin), client => work(client, parsed, cancellationToken)));
        return command;
    }

    private JsonObject Body(ParseResult parsed, Argument<string> address)
    {
        var body = new JsonObject
        {
            [DenyRequestReader.Address] = parsed.GetRequiredValue(address),
            [DenyRequestReader.EndConnections] = parsed.GetValue(_end),
        };
        if (parsed.GetResult(_for) is not null)
        {
            body[DenyRequestReader.For] = Durations.Format(parsed.GetValue(_for));
        }

        return body;
    }

    private static async Task DenyAsync(AdminClient client, JsonObject body, CancellationToken cancellationToken) =>
        await WriteAsync((await client.DenyAsync(body, cancellationToken)).Denied);

    private static async Task ListAsync(AdminClient client, CancellationToken cancellationToken) =>
        await WriteAsync((await client.GetDeniedAsync(cancellationToken)).Denied);

    private static async Task RemoveAsync(AdminClient client, string address, CancellationToken cancellationToken)
    {
        DenyView[] around = [.. (await client.RemoveDenyAsync(address, cancellationToken)).Denied];
        await Console.Out.WriteLineAsync(OneLine.Escape($"{address} is denied no more{(around.Length > 0 ? " by itself, but it is in:" : "")}"));
        await WriteAsync(around);
    }

    private static async Task WriteAsync(IEnumerable<DenyView> entries)
    {
        foreach (DenyView entry in entries)
        {
            string left = Readable.Time(Math.Ceiling(entry.RemainingSeconds)).Replace('\u00A0', ' ');
            await Console.Out.WriteLineAsync(OneLine.Escape(string.Create(CultureInfo.InvariantCulture, $"{entry.Address} is denied for {left}, since {entry.Since}")));
        }
    }
}
