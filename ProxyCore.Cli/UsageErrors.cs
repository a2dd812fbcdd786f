using System.CommandLine.Parsing;

namespace ProxyCore.Cli;

/// <summary>Tells what is wrong with a command line: one line a mistake, and where to read more.</summary>
internal static class UsageErrors
{
    internal static int Write(IEnumerable<ParseError> errors, TextWriter writer)
    {
        Write(errors.Select(static error => error.Message), writer);
        writer.WriteLine("Try 'proxycore --help'.");
        return ExitCode.BadUsage;
    }

    /// <summary>The same for mistakes of which the help knows nothing.</summary>
    internal static int Write(IEnumerable<string> errors, TextWriter writer)
    {
        foreach (string mistake in errors)
        {
            writer.WriteLine($"proxycore: {OneLine.Escape(mistake)}");
        }

        return ExitCode.BadUsage;
    }
}
