using Microsoft.Extensions.Options;

namespace ProxyCore.Cli;

/// <summary>Writes what is wrong with the options of a proxy that starts, each line with the source of the value.</summary>
internal static class StartErrors
{
    // The longest path first. A # stands for any index; the one route of a command line has the index 0.
    private static readonly (string Path, string Option)[] _options =
    [
        ("Routes:0:Listen:#:Tls", "--tls-certificate"),
        ("Routes:0:Listen:#", "--listen"),
        ("Routes:0:Upstreams:#:Tls:Ca", "--upstream-ca"),
        ("Routes:0:Upstreams:#:Tls", "--upstream-tls"),
        ("Routes:0:Upstreams:#", "--upstream"),
        ("TlsEngine", "--tls-engine"),
    ];

    /// <summary>Runs a proxy whose options come from a file.</summary>
    /// <param name="file">The name of the file.</param>
    /// <param name="run">Runs it, and returns the exit code.</param>
    internal static async Task<int> OfFileAsync(string file, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (OptionsValidationException exception)
        {
            // These lines name the file already, or what stands above it.
            return UsageErrors.Write(exception.Failures);
        }
        catch (ArgumentException exception)
        {
            return UsageErrors.Write(LinesOf(exception).Select(line => $"{file}: {line}"));
        }
    }

    /// <summary>Runs a proxy whose options come from the command line.</summary>
    /// <param name="run">Runs it, and returns the exit code.</param>
    internal static async Task<int> OfCommandLineAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (OptionsValidationException exception)
        {
            return UsageErrors.Write(NameOptions(exception.Failures));
        }
        catch (ArgumentException exception)
        {
            return UsageErrors.Write(NameOptions(LinesOf(exception)));
        }
    }

    /// <summary>The lines with the option in the place of the path. Listeners share certificates, so lines may become equal.</summary>
    internal static IEnumerable<string> NameOptions(IEnumerable<string> lines) => lines.Select(NameOption).Distinct();

    private static string[] LinesOf(ArgumentException exception) => exception.Message.Split(Environment.NewLine);

    /// <summary>Errors name a path at their beginning, and some another one in the sentence.</summary>
    private static string NameOption(string line) => string.Join(' ', line.Split(' ').Select(NameOptionOfWord));

    private static string NameOptionOfWord(string word)
    {
        string path = word.TrimEnd(':');
        string[] keys = path.Split(':');
        string? option = _options.FirstOrDefault(one => BeginsWith(keys, one.Path.Split(':'))).Option;
        return option is null ? word : option + word[path.Length..];
    }

    private static bool BeginsWith(string[] keys, string[] path) =>
        keys.Length >= path.Length && path.Zip(keys).All(static pair => pair.First == "#" || pair.First == pair.Second);
}
