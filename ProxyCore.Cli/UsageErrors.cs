using System.CommandLine.Parsing;

namespace ProxyCore.Cli;

/// <summary>Tells what is wrong with a command line: one line a mistake, and where to read more.</summary>
internal static class UsageErrors
{
    internal static int Write(IEnumerable<ParseError> errors)
    {
        Write(errors.Select(static error => error.Message));
        StandardStreams.WriteError("Try 'proxycore --help'.");
        return ExitCode.BadUsage;
    }

    /// <summary>The same for errors that the help says nothing about.</summary>
    internal static int Write(IEnumerable<string> errors)
    {
        foreach (string error in errors)
        {
            StandardStreams.WriteError($"proxycore: {OneLine.Escape(error)}");
        }

        return ExitCode.BadUsage;
    }
}
