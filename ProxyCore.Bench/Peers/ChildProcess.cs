using System.Diagnostics;

namespace ProxyCore.Bench.Peers;

/// <summary>A process that does not outlive its owner.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Action<string> _heard;
    private readonly List<string> _said = [];

    private ChildProcess(Process process, Action<string> heard)
    {
        _process = process;
        _heard = heard;
    }

    internal int Id => _process.Id;

    /// <summary>What it has written, shortened to what explains an early end.</summary>
    internal string Said
    {
        get
        {
            lock (_said)
            {
                return string.Join(" / ", _said.TakeLast(3));
            }
        }
    }

    internal bool HasEnded => _process.HasExited;

    /// <summary>What it ended with; 128 and the signal's number when a signal ended it.</summary>
    internal int ExitCode => _process.ExitCode;

    internal static ChildProcess Start(string program, params IEnumerable<string> arguments) => Start(static _ => { }, program, arguments);

    /// <param name="heard">Called with each line that it writes, on threads of the pool.</param>
    /// <param name="program">Its path.</param>
    /// <param name="arguments">What stands behind.</param>
    internal static ChildProcess Start(Action<string> heard, string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var child = new ChildProcess(Process.Start(start)!, heard);
        child._process.OutputDataReceived += (_, line) => child.Hear(line.Data);
        child._process.ErrorDataReceived += (_, line) => child.Hear(line.Data);
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Waits until it has ended and all that it wrote was heard; returns whether it did in time.</summary>
    internal async Task<bool> EndsWithinAsync(TimeSpan bound)
    {
        using var patience = new CancellationTokenSource(bound);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(_patience);
        }

        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_said)
        {
            _said.Add(line);
        }

        _heard(line);
    }
}
