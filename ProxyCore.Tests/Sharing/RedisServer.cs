using System.Diagnostics;
using ProxyCore.Tests.Cli;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Sharing;

/// <summary>A Redis of its own, on a Unix socket, that keeps nothing on disk. Disposing of it kills it.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    // The beginning is another one for a socket than for a port.
    private const string Ready = "eady to accept connections";

    private readonly TemporaryFolder _folder = new();
    private readonly string _configuration;
    private Process _process = null!;
    private LineLog _output = null!;
    private Task _reading = Task.CompletedTask;

    private RedisServer(string more) => _configuration = _folder.Add(
        "redis.conf", System.Text.Encoding.ASCII.GetBytes($"port 0\nunixsocket {Path}\ndir {_folder.FullName}\nsave \"\"\nappendonly no\n{more}\n"));

    private string Path => System.IO.Path.Combine(_folder.FullName, "s");

    /// <summary>Where it listens.</summary>
    internal string Endpoint => $"unix:{Path}";

    /// <summary>Starts one; skips the test where Redis is not installed.</summary>
    /// <param name="more">More lines of its configuration.</param>
    internal static async Task<RedisServer> StartAsync(string more = "")
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(static folder => File.Exists(System.IO.Path.Combine(folder, "redis-server"))))
        {
            Assert.Ignore("redis-server is not installed: apt-get install redis-server");
        }

        var server = new RedisServer(more);
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts it, empty, where it was.</summary>
    internal async Task StartAsync()
    {
        _process = Process.Start(new ProcessStartInfo("redis-server", [_configuration]) { RedirectStandardOutput = true })!;
        _output = new LineLog();
        _reading = _output.ReadAllAsync(_process.StandardOutput);
        try
        {
            await _output.WaitForAsync(Ready, Bound.Wait);
        }
        catch
        {
            await KillAsync();
            throw;
        }
    }

    /// <summary>Kills it; all that it has is lost.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
        File.Delete(Path);
    }

    /// <summary>Stops it: its connections stay open, and it answers nothing.</summary>
    internal void Pause() => Signal("-STOP");

    internal void Continue() => Signal("-CONT");

    /// <summary>Has it run a command, such as FLUSHALL.</summary>
    internal void Run(params string[] words)
    {
        using Process cli = Process.Start(new ProcessStartInfo("redis-cli", ["-s", Path, .. words]) { RedirectStandardOutput = true })!;
        Assert.That(cli.WaitForExit(Bound.Wait), Is.True);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }

    private void Signal(string signal)
    {
        using Process kill = Process.Start("kill", [signal, $"{_process.Id}"]);
        Assert.That(kill.WaitForExit(Bound.Wait), Is.True);
    }
}
