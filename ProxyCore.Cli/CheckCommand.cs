using System.CommandLine;
using ProxyCore.Cli.Admin;
using ProxyCore.Cli.Telemetry;
using ProxyCore.Connections.Sockets;
using ProxyCore.Settings;

namespace ProxyCore.Cli;

/// <summary>
/// <c>proxycore check</c>: takes the arguments that a proxy would be started with, reports whether they are valid, and starts
/// nothing.
/// </summary>
internal sealed class CheckCommand(
    ProxyOptionSet options,
    ConfigurationOptions configuration,
    AdminOptions admin,
    OtlpOptions otlp,
    Func<ParseResult, IReadOnlyList<ProxyEndpoint>> upstreams)
{
    private const string CommandLine = "the command line";

    private readonly Option<bool> _resolve = CheckedOption.Switch(
        "--resolve", "Look up the names of upstreams too, and warn of those that do not resolve");

    /// <param name="upstream">The option of the command above.</param>
    internal Command Build(Option upstream)
    {
        var command = new Command("check", "Checks the arguments behind it, and the file that they name; starts nothing.");
        configuration.AddTo(command);
        options.AddTo(command, upstream);
        admin.AddTo(command);
        otlp.AddTo(command);
        command.Add(_resolve);
        command.Validators.Add(result => configuration.Check(result, options.OfOneRoute(upstream)));
        command.SetAction((parsed, cancellationToken) => configuration.File(parsed, options.Keys(parsed)) is { } file
            ? CheckFileAsync(file, parsed.GetValue(_resolve), cancellationToken)
            : StartErrors.OfCommandLineAsync(() => CheckCommandLineAsync(parsed, cancellationToken)));
        return command;
    }

    private static async Task<int> CheckFileAsync(ConfigurationFile file, bool resolves, CancellationToken cancellationToken)
    {
        CheckedOptions read = file.Check();
        IReadOnlyList<string> ofFiles = file.CheckFiles(read.Settings);
        IReadOnlyList<string> unresolved = resolves ? await UpstreamNames.FindUnresolvedAsync(read.Settings, cancellationToken) : [];
        return await ReportAsync(file.Name, read.Settings, [.. unresolved, .. WarningsOf(read.Settings), .. ofFiles]);
    }

    private async Task<int> CheckCommandLineAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var given = new TcpProxyOptions();
        options.Configure(given, parsed, upstreams(parsed));
        ProxySettings settings = OptionsReader.Read(given).Settings;
        IReadOnlyList<string> ofFiles = ReferencedFiles.Check(settings);
        IReadOnlyList<string> unresolved = parsed.GetValue(_resolve) ? await UpstreamNames.FindUnresolvedAsync(settings, cancellationToken) : [];
        IEnumerable<string> warnings = [.. unresolved, .. WarningsOf(settings), .. ofFiles];
        return await ReportAsync(CommandLine, settings, StartErrors.NameOptions(warnings));
    }

    private static IEnumerable<string> WarningsOf(ProxySettings settings) =>
        DescriptorLimit.Warnings(settings).Concat(OwnListeners.Warnings(settings));

    /// <summary>Warnings, as of a name that may resolve where and when the proxy runs, do not make it bad.</summary>
    private static async Task<int> ReportAsync(string name, ProxySettings settings, IEnumerable<string> warnings)
    {
        foreach (string warning in warnings)
        {
            await Console.Error.WriteLineAsync(OneLine.Escape($"proxycore: warning: {name}: {warning}"));
        }

        int routes = settings.Routes.Count;
        await Console.Out.WriteLineAsync(OneLine.Escape($"{name}: good, {routes} {(routes == 1 ? "route" : "routes")}"));
        return ExitCode.Stopped;
    }
}
