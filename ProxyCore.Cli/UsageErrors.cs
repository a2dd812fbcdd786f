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

    /// <summary>The same for mistakes of which the help knows nothing.</summary>
    internal static int Write(IEnumerable<string> mistakes)
    {
        foreach (string mistake in mistakes)
        {
            StandardStreams.WriteError($"proxycore: {OneLine.Escape(mistake)}");
        }

        return ExitCode.BadUsage;
    }
}
