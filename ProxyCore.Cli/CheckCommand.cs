using System.CommandLine;
using ProxyCore.Connections;
using ProxyCore.Settings;

namespace ProxyCore.Cli;

/// <summary><c>proxycore check</c>: says whether a configuration file is good, and starts nothing.</summary>
internal sealed class CheckCommand(ProxyOptionSet options, ConfigurationOptions configuration)
{
    /// <param name="upstream">The option of the command above, which has no meaning here.</param>
    internal Command Build(Option upstream)
    {
        var command = new Command("check", "Checks a configuration file, with what overrides it; starts nothing.");
        configuration.AddTo(command);
        options.AddKeysTo(command);
        command.Validators.Add(configuration.Require);
        command.Validators.Add(result => configuration.Check(result, options.OfOneRoute(upstream)));
        command.SetAction(parsed => Run(configuration.File(parsed, options.Keys(parsed))!));
        return command;
    }

    private static int Run(ConfigurationFile file)
    {
        var options = new TcpProxyOptions();
        IReadOnlyList<string> errors = file.Read(options);
        if (errors.Count > 0)
        {
            return UsageErrors.Write(errors, Console.Error);
        }

        foreach (string warning in DescriptorLimit.Warnings(OptionsReader.Read(options)))
        {
            Console.Error.WriteLine(OneLine.Escape($"{file.Name}: warning: {warning}"));
        }

        int routes = options.Routes.Count;
        Console.Out.WriteLine(OneLine.Escape($"{file.Name}: good, {routes} {(routes == 1 ? "route" : "routes")}"));
        return ExitCode.Stopped;
    }
}
