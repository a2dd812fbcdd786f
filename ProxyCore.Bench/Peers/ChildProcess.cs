using System.Diagnostics;

namespace ProxyCore.Bench.Peers;

/// <summary>A process that does not outlive its owner.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly List<string> _said = [];

    private ChildProcess(Process process) => _process = process;

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

    internal static ChildProcess Start(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var child = new ChildProcess(Process.Start(start)!);
        child._process.OutputDataReceived += (_, line) => child.Hear(line.Data);
        child._process.ErrorDataReceived += (_, line) => child.Hear(line.Data);
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
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
    }
}
