using ProxyCore.Bench.Peers;

namespace ProxyCore.Bench.Chaos.Stage;

/// <summary>The proxy's command at work with a configuration file of the run.</summary>
internal sealed class ProxyProcess : IDisposable
{
    private const string Token = "the-token-of-the-chaos-run";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    private readonly ChildProcess _process;
    private AdminClient? _admin;

    private ProxyProcess(ChildProcess process, ProxyLog log, string file)
    {
        _process = process;
        Log = log;
        File = file;
    }

    internal ProxyLog Log { get; }

    /// <summary>The configuration file.</summary>
    internal string File { get; }

    internal int Id => _process.Id;

    internal bool HasEnded => _process.HasEnded;

    internal int ExitCode => _process.ExitCode;

    internal AdminClient Admin => _admin ??= new AdminClient(Log.AdminUrl!, Token);

    /// <summary>How many descriptors it has open.</summary>
    internal int Descriptors => Directory.GetFileSystemEntries($"/proc/{Id}/fd").Length;

    /// <summary>Starts it; it may not listen yet.</summary>
    internal static ProxyProcess Start(string program, string folder, Configuration configuration)
    {
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, "proxycore.json");
        System.IO.File.WriteAllText(file, configuration.ToJson());
        string token = Path.Combine(folder, "token");
        System.IO.File.WriteAllText(token, Token);
        System.IO.File.SetUnixFileMode(token, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var log = new ProxyLog(Path.Combine(folder, "proxy.log"));
        var process = ChildProcess.Start(log.Hear, program, "--config", file, "--admin", "127.0.0.1:0", "--admin-token-file", token);
        return new ProxyProcess(process, log, file);
    }

    /// <exception cref="InvalidOperationException">It does not listen.</exception>
    internal async Task ListensAsync()
    {
        if (!await Log.HasMoreAsync(ProxyLog.Listening, 0, _patience) || HasEnded || Log.AdminUrl is null)
        {
            throw new InvalidOperationException($"the proxy does not listen: {_process.Said}");
        }
    }

    /// <summary>Replaces the configuration file at once, as editors and clusters do.</summary>
    internal void Write(string text)
    {
        string next = $"{File}.next";
        System.IO.File.WriteAllText(next, text);
        System.IO.File.Move(next, File, overwrite: true);
    }

    internal void Signal(int signal) => Signals.Send(Id, signal);

    internal Task<bool> EndsWithinAsync(TimeSpan bound) => _process.EndsWithinAsync(bound);

    public void Dispose()
    {
        _admin?.Dispose();
        _process.Dispose();
        Log.Dispose();
    }
}
