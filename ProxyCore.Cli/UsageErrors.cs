using System.CommandLine.Parsing;

namespace ProxyCore.Cli;

/// <summary>Writes the errors of a command line, one a line, and how to get help.</summary>
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
