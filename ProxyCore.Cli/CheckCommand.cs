using System.CommandLine;
using ProxyCore.Connections.Sockets;
using ProxyCore.Settings;

namespace ProxyCore.Cli;

/// <summary><c>proxycore check</c>: reports whether a configuration file is valid, and starts nothing.</summary>
internal sealed class CheckCommand(ProxyOptionSet options, ConfigurationOptions configuration)
{
    private readonly Option<bool> _resolve = CheckedOption.Switch(
        "--resolve", "Look up the names of upstreams too, and warn of those that do not resolve");

    /// <param name="upstream">The option of the command above, which has no meaning here.</param>
    internal Command Build(Option upstream)
    {
        var command = new Command("check", "Checks a configuration file, with what overrides it; starts nothing.");
        configuration.AddTo(command);
        options.AddKeysTo(command);
        command.Add(_resolve);
        command.Validators.Add(configuration.Require);
        command.Validators.Add(result => configuration.Check(result, options.OfOneRoute(upstream)));
        command.SetAction((parsed, cancellationToken) => RunAsync(
            configuration.File(parsed, options.Keys(parsed))!, parsed.GetValue(_resolve), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ConfigurationFile file, bool resolves, CancellationToken cancellationToken)
    {
        CheckedOptions read = file.Check();
        IReadOnlyList<string> ofFiles = file.CheckFiles(read.Settings);
        foreach (string line in resolves ? await UpstreamNames.FindUnresolvedAsync(read.Settings, cancellationToken) : [])
        {
            // A warning: the name may resolve where and when the proxy runs.
            await Console.Error.WriteLineAsync(OneLine.Escape($"proxycore: warning: {file.Name}: {line}"));
        }

        foreach (string warning in DescriptorLimit.Warnings(read.Settings).Concat(ofFiles))
        {
            await Console.Error.WriteLineAsync(OneLine.Escape($"proxycore: warning: {file.Name}: {warning}"));
        }

        int routes = read.Settings.Routes.Count;
        await Console.Out.WriteLineAsync(OneLine.Escape($"{file.Name}: good, {routes} {(routes == 1 ? "route" : "routes")}"));
        return ExitCode.Stopped;
    }
}
