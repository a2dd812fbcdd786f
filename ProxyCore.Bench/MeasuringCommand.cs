using System.CommandLine;
using ProxyCore.Bench.Comparing;

namespace ProxyCore.Bench;

/// <summary>A command that compares contenders in scenarios.</summary>
internal sealed class MeasuringCommand
{
    private readonly Func<bool, IEnumerable<Scenario>> _scenarios;
    private readonly string[]? _always;

    private readonly Option<bool> _smoke = new("--smoke") { Description = "Seconds long: whether everything works, not how fast" };

    private readonly Option<int> _rounds = new("--rounds") { Description = "How often everybody has his turn", DefaultValueFactory = static _ => 7 };

    private readonly Option<double> _seconds = new("--seconds") { Description = "How long a measurement takes", DefaultValueFactory = static _ => 3 };

    private readonly Option<string?> _only = new("--scenarios") { Description = "Which, separated by commas; 'tls' is all in which the proxy ends TLS, 'bulk-*' all that begin so [default: all without TLS]" };

    private readonly Option<string?> _contenders = new("--contenders") { Description = "Which, separated by commas, as the tables call them [default: all that are installed]" };

    private readonly Option<string?> _native = new("--native") { Description = "The native command; 'none' leaves it out [default: it is built]" };

    private readonly Option<string?> _jit = new("--jit") { Description = "The command that is compiled while it runs; 'none' leaves it out [default: it is built]" };

    private readonly Option<string?> _haproxy = new("--haproxy") { Description = "The path of another HAProxy to compare beside the installed one" };

    private readonly Option<string?> _docs = new("--docs") { Description = "Where the page goes [default: docs in the repository; of a smoke run a temporary folder]" };

    /// <param name="scenarios">What to measure, given whether it is a smoke run.</param>
    /// <param name="always">Which contenders there are unless others are asked for; null for all.</param>
    internal MeasuringCommand(Func<bool, IEnumerable<Scenario>> scenarios, params string[]? always)
    {
        _scenarios = scenarios;
        _always = always;
    }

    internal Command Build(string name, string description)
    {
        var command = new Command(name, description) { _smoke, _rounds, _seconds, _only, _contenders, _native, _jit, _haproxy, _docs };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        bool smoke = parsed.GetValue(_smoke);
        Scenario[] known = [.. _scenarios(smoke)];
        HashSet<string>? names = Split(parsed.GetValue(_only));
        if (names?.FirstOrDefault(name => !known.Any(scenario => scenario.IsCalled(name))) is { } unknown)
        {
            await Console.Error.WriteLineAsync(
                $"--scenarios: '{unknown}' is none: there are {string.Join(", ", known.Select(static one => one.Name))}");
            return 2;
        }

        Scenario[] scenarios = [.. known.Where(scenario => scenario.IsChosen(names))];
        Timing timing = smoke ? Timing.Smoke : Timing.Of(parsed.GetValue(_rounds), parsed.GetValue(_seconds));
        try
        {
            string docs = parsed.GetValue(_docs) ?? DefaultDocs(smoke);
            var options = new SessionOptions(timing, docs, parsed.GetValue(_native), parsed.GetValue(_jit), parsed.GetValue(_haproxy));
            using var session = new Session(options);
            IReadOnlyList<string> failures = await session.Run(scenarios, Split(parsed.GetValue(_contenders)) ?? _always?.ToHashSet(), cancellationToken);
            foreach (string failure in failures)
            {
                await Console.Error.WriteLineAsync(failure);
            }

            return failures.Count == 0 ? 0 : 1;
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or TimeoutException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }

    private static string DefaultDocs(bool smoke) =>
        smoke ? Path.Combine(Path.GetTempPath(), "proxycore-smoke") : Path.Combine(BuiltCommand.Repository(), "docs");

    /// <summary>The names of a list with commas; null for no list.</summary>
    internal static HashSet<string>? Split(string? list) =>
        list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet();
}
