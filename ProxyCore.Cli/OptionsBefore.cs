using System.CommandLine.Parsing;

namespace ProxyCore.Cli;

/// <summary>Refuses options of the relay before the name of a command for which they have no meaning.</summary>
internal static class OptionsBefore
{
    internal static void Refuse(CommandResult result)
    {
        for (CommandResult command = result; command.Parent is CommandResult above; command = above)
        {
            foreach (OptionResult given in above.Children.OfType<OptionResult>().Where(static one => !one.Implicit))
            {
                result.AddError($"{given.Option.Name}: has no meaning before '{command.Command.Name}'");
            }
        }
    }
}
