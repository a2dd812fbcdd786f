using System.Globalization;
using ProxyCore.Bench.Chaos.Stage;
using ProxyCore.Bench.Peers;

namespace ProxyCore.Bench.Calls;

/// <summary>strace, attached to a process and all that it starts, which counts its system calls until it is stopped.</summary>
internal sealed class Strace : IDisposable
{
    private const int Interrupt = 2;

    // The name comes last; the number of errors before it may be missing.
    private const int LeastCells = 5;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly ChildProcess _process;
    private readonly string _file;

    private Strace(ChildProcess process, string file)
    {
        _process = process;
        _file = file;
    }

    /// <summary>Attaches it to <paramref name="process"/>.</summary>
    /// <exception cref="InvalidOperationException">It can't be attached; the message says why.</exception>
    internal static async Task<Strace> Attach(int process, string folder)
    {
        string program = Programs.Find("strace") ?? throw new InvalidOperationException("strace is not installed");
        string file = Path.Combine(folder, $"strace-{process}.txt");
        var attached = new TaskCompletionSource();
        int[] processes = [.. ProcessFigures.Tree(process)];
        int left = processes.Length;
        ChildProcess child = ChildProcess.Start(
            line =>
            {
                if (line.Contains("attached", StringComparison.Ordinal) && Interlocked.Decrement(ref left) == 0)
                {
                    attached.TrySetResult();
                }
            },
            program,
            ["-f", "-c", "-o", file, .. processes.SelectMany(static one => new[] { "-p", $"{one}" })]);
        Task ended = child.EndsWithinAsync(_patience);
        if (await Task.WhenAny(attached.Task, ended) == ended)
        {
            child.Dispose();
            throw new InvalidOperationException($"strace can't be attached: {child.Said}");
        }

        return new Strace(child, file);
    }

    /// <summary>Detaches it; returns how often each call was made.</summary>
    internal async Task<IReadOnlyDictionary<string, long>> Stop()
    {
        Signals.Send(_process.Id, Interrupt);
        return await _process.EndsWithinAsync(_patience)
            ? Parse(File.ReadLines(_file))
            : throw new InvalidOperationException("strace does not end");
    }

    public void Dispose() => _process.Dispose();

    /// <summary>Reads the table of <c>strace -c</c>: a row for each call between two rules, with its number in the fourth column.</summary>
    internal static IReadOnlyDictionary<string, long> Parse(IEnumerable<string> lines) => lines
        .SkipWhile(static line => !IsRule(line))
        .Skip(1)
        .TakeWhile(static line => !IsRule(line))
        .Select(static line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        .Where(static cells => cells.Length >= LeastCells)
        .ToDictionary(static cells => cells[^1], static cells => long.Parse(cells[3], CultureInfo.InvariantCulture));

    private static bool IsRule(string line) => line.StartsWith("---", StringComparison.Ordinal);
}
