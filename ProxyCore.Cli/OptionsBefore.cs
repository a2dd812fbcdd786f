using System.CommandLine.Parsing;

namespace ProxyCore.Cli;

/// <summary>Refuses options of the relay before the name of a command for which they have no meaning.</summary>
internal static class OptionsBefore
{
    internal static void Refuse(CommandResult result, string command)
    {
        foreach (OptionResult given in ((CommandResult)result.Parent!).Children.OfType<OptionResult>().Where(static one => !one.Implicit))
        {
            result.AddError($"{given.Option.Name}: has no meaning before '{command}'");
        }
    }
}
