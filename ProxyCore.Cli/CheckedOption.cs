using System.CommandLine;
using System.CommandLine.Parsing;

namespace ProxyCore.Cli;

/// <summary>Creates options whose errors name the option and the cause.</summary>
internal static class CheckedOption
{
    /// <summary>An option that may be given once.</summary>
    /// <param name="name">As it is written, with its dashes.</param>
    /// <param name="valueName">What the help calls its value.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="parse">Reads the value; throws a <see cref="FormatException"/> that says what is wrong.</param>
    internal static Option<T> Once<T>(string name, string valueName, string description, Func<string, T> parse) =>
        new(name)
        {
            HelpName = valueName,
            Description = description,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result => Parse(result, name, result.Tokens[0].Value, parse),
        };

    /// <summary>An option that may be repeated.</summary>
    /// <inheritdoc cref="Once"/>
    internal static Option<T[]> Repeatable<T>(string name, string valueName, string description, Func<string, T> parse) =>
        new(name)
        {
            HelpName = valueName,
            Description = description,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => [.. result.Tokens.Select(token => Parse(result, name, token.Value, parse)!)],
        };

    /// <summary>An option that may be given once, with a value or without: then it is null.</summary>
    /// <inheritdoc cref="Once"/>
    internal static Option<T?> WithOptionalValue<T>(string name, string valueName, string description, Func<string, T> parse)
        where T : class =>
        new(name)
        {
            HelpName = valueName,
            Description = description,
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = result => result.Tokens is [{ Value: var text }] ? Parse(result, name, text, parse) : null,
        };

    /// <summary>An option without a value.</summary>
    /// <inheritdoc cref="Once"/>
    internal static Option<bool> Switch(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>Parses an argument; one that looks like an option is refused as an unknown option.</summary>
    internal static T? ParseArgument<T>(ArgumentResult result, Func<string, T> parse)
    {
        string text = result.Tokens[0].Value;
        if (!text.StartsWith('-'))
        {
            return Parse(result, result.Argument.Name, text, parse);
        }

        result.AddError(Unrecognized(text));
        return default;
    }

    /// <summary>What System.CommandLine says of a word that it does not expect.</summary>
    internal static string Unrecognized(string text) => $"Unrecognized command or argument '{text}'.";

    /// <summary>The option's value, or <paramref name="fallback"/> when it was not given.</summary>
    internal static T ValueOr<T>(this ParseResult parsed, Option<T> option, T fallback) =>
        parsed.GetResult(option) is null ? fallback : parsed.GetRequiredValue(option);

    private static T? Parse<T>(ArgumentResult result, string name, string text, Func<string, T> parse)
    {
        try
        {
            return parse(text);
        }
        catch (FormatException exception)
        {
            result.AddError($"{name}: {exception.Message}");
            return default;
        }
    }
}
