using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ProxyCore.Cli;

/// <summary>The usual help, and below it how values are written, with examples of the command that is asked about.</summary>
internal sealed class ExamplesHelp(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    /// <summary>The option that shows it, for a command and all below it.</summary>
    internal static HelpOption CreateOption()
    {
        var option = new HelpOption();
        option.Action = new ExamplesHelp((HelpAction)option.Action!);
        return option;
    }

    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine(CommandExamples.Of(parseResult.CommandResult));
        return ExitCode.Stopped;
    }
}
