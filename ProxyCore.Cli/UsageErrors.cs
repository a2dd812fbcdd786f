using System.CommandLine.Parsing;

namespace ProxyCore.Cli;

/// <summary>Tells what is wrong with a command line: one line a mistake, and where to read more.</summary>
internal static class UsageErrors
{
    internal static int Write(IEnumerable<ParseError> errors, TextWriter writer)
    {
        foreach (ParseError error in errors)
        {
            writer.WriteLine($"proxycore: {OneLine.Escape(error.Message)}");
        }

        writer.WriteLine("Try 'proxycore --help'.");
        return ExitCode.BadUsage;
    }
}
