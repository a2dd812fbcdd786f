using System.Text.RegularExpressions;

namespace ProxyCore.Tests.Cli;

/// <summary>
/// The lines that a child process has written so far. Lines may be waited for. The time ahead of a line of the log, which no
/// test can know, is not part of it.
/// </summary>
internal sealed partial class LineLog
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly List<string> _withTimes = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;

    internal string[] Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>The lines as they were written, with the time ahead of those of the log.</summary>
    internal string[] LinesWithTimes
    {
        get
        {
            lock (_gate)
            {
                return [.. _withTimes];
            }
        }
    }

    /// <summary>Reads until the writer has closed its end.</summary>
    internal async Task ReadAllAsync(TextReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            Change(() =>
            {
                _withTimes.Add(line);
                _lines.Add(TimeOfLine().Replace(line, ""));
            });
        }

        Change(() => _ended = true);
    }

    /// <summary>The first line that contains <paramref name="text"/>, waited for.</summary>
    internal async Task<string> WaitForAsync(string text, TimeSpan timeout)
    {
        using var bound = new CancellationTokenSource(timeout);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_lines.Find(line => line.Contains(text, StringComparison.Ordinal)) is { } found)
                {
                    return found;
                }

                if (_ended || bound.IsCancellationRequested)
                {
                    throw new AssertionException($"No line has '{text}'; there are:\n{string.Join('\n', _lines)}");
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(bound.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d) (?=\[)")]
    private static partial Regex TimeOfLine();
}
