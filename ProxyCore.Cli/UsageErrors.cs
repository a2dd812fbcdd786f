using System.CommandLine;
using System.CommandLine.Parsing;
using ProxyCore.Hosting;

namespace ProxyCore.Cli;

/// <summary>Writes the errors of a command line, one a line, and how to get help.</summary>
internal static class UsageErrors
{
    internal static int Write(ParseResult parsed)
    {
        Write(LinesOf(parsed));
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

    /// <summary>The errors in words: an unknown name with the one that was probably meant.</summary>
    internal static IEnumerable<string> LinesOf(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        return command.Action is null && command.Subcommands.Count > 0
            ? [WhichCommand(command, parsed.UnmatchedTokens is [var first, ..] ? first : null)]
            : parsed.Errors.Select(error => Describe(error, parsed)).OfType<string>();
    }

    /// <summary>A command that does nothing itself, with a name behind it that none of its commands has, or without any.</summary>
    private static string WhichCommand(Command command, string? written)
    {
        string[] names = [.. command.Subcommands.Select(static one => one.Name)];
        string all = $"{string.Join(", ", names[..^1])} or {names[^1]}";
        return written is null
            ? $"{command.Name}: what is to be done? {all}"
            : $"{command.Name}: '{written}' is not {all}{(Suggestion(written, names) is { Length: > 0 } meant ? $".{meant}" : "")}";
    }

    /// <summary>An error in words; null when it follows from the one before.</summary>
    private static string? Describe(ParseError error, ParseResult parsed)
    {
        string? written = parsed.Tokens.Select(static token => token.Value).FirstOrDefault(token => error.Message == CheckedOption.Unrecognized(token));
        if (written is null)
        {
            return error.Message;
        }

        if (IsValueOfUnknownOption(written, parsed))
        {
            return null;
        }

        string name = written.Split('=', ':')[0];
        return error.Message + Suggestion(name, NamesOf(parsed.CommandResult, isOption: name.StartsWith('-')));
    }

    private static bool IsValueOfUnknownOption(string written, ParseResult parsed)
    {
        IReadOnlyList<Token> tokens = parsed.Tokens;
        int index = tokens.ToList().FindIndex(token => token.Value == written);
        return index > 0 && !written.StartsWith('-')
            && tokens[index - 1] is { Type: TokenType.Argument } before
            && before.Value.StartsWith('-')
            && parsed.Errors.Any(error => error.Message == CheckedOption.Unrecognized(before.Value));
    }

    private static string Suggestion(string written, IEnumerable<string> names) =>
        EditDistance.TryFindNearest(written, names, out string? name) ? $" Did you mean {name}?" : "";

    /// <summary>What could stand at a command: its options and those that the commands above it share, or its commands.</summary>
    private static IEnumerable<string> NamesOf(CommandResult result, bool isOption)
    {
        IEnumerable<string> own = isOption
            ? result.Command.Options.Select(static option => option.Name)
            : result.Command.Subcommands.Select(static command => command.Name);
        return result.Parent is CommandResult above && isOption
            ? own.Concat(above.Command.Options.Where(static option => option.Recursive).Select(static option => option.Name))
            : own;
    }
}
