using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Cli;

/// <summary>The built <c>proxycore</c> as a child process. Disposing of it kills what is left.</summary>
internal sealed partial class CommandProcess : IAsyncDisposable
{
    internal const int Sighup = 1;
    internal const int Sigint = 2;
    internal const int Sigterm = 15;
    internal const int Sigcont = 18;
    internal const int Sigstop = 19;

    // A program that is tried instead of what was built with the tests: the native one in .ci/run, which starts in a tenth of the
    // time, and those of other systems in .ci/portable.
    private const string PublishedCommand = "PROXYCORE_TEST_COMMAND";

    // CTRL_BREAK_EVENT
    private const int CtrlBreak = 1;

    // It starts beside other processes and beside a build, which made half a second 15.
    private static readonly TimeSpan _toStart = TimeSpan.FromSeconds(60);

    // Less than the 30 s that a stop lets open connections finish by default.
    private static readonly TimeSpan _toEnd = TimeSpan.FromSeconds(25);

    private readonly Process _process;
    private readonly LineLog _output = new();
    private readonly LineLog _error = new();
    private readonly Task _reading;

    private CommandProcess(ProcessStartInfo start, bool readOutput)
    {
        _process = Process.Start(start)!;
        _reading = Task.WhenAll(
            readOutput ? _output.ReadAllAsync(_process.StandardOutput) : Task.CompletedTask,
            _error.ReadAllAsync(_process.StandardError));
    }

    /// <summary>What it has written, without the times ahead of the lines of its log.</summary>
    internal string[] Output => _output.Lines;

    internal string[] OutputWithTimes => _output.LinesWithTimes;

    internal string[] Error => _error.Lines;

    /// <summary>The pipe itself, for who has asked that nobody else reads it.</summary>
    internal StreamReader UnreadOutput => _process.StandardOutput;

    internal static CommandProcess Start(params string[] arguments) => new(StartInfo(arguments), readOutput: true);

    internal static CommandProcess StartIn(string folder, params string[] arguments)
    {
        ProcessStartInfo start = StartInfo(arguments);
        start.WorkingDirectory = folder;
        return new CommandProcess(start, readOutput: true);
    }

    /// <summary>Starts it in a group of its own, which Windows can send a Ctrl+Break.</summary>
    [SupportedOSPlatform("windows")]
    internal static CommandProcess StartInGroup(params string[] arguments)
    {
        ProcessStartInfo start = StartInfo(arguments);
        start.CreateNewProcessGroup = true;
        return new CommandProcess(start, readOutput: true);
    }

    internal static CommandProcess StartWith((string Name, string Value)[] variables, params string[] arguments)
    {
        ProcessStartInfo start = StartInfo(arguments);
        Array.ForEach(variables, variable => start.Environment[variable.Name] = variable.Value);
        return new CommandProcess(start, readOutput: true);
    }

    internal static CommandProcess StartUnread(params string[] arguments) => new(StartInfo(arguments), readOutput: false);

    /// <summary>Starts it with a limit on its descriptors.</summary>
    internal static CommandProcess StartLimited(int descriptors, params string[] arguments) =>
        StartInShell(string.Create(CultureInfo.InvariantCulture, $"ulimit -n {descriptors}"), arguments);

    /// <summary>Starts it in the place of a shell that has run <paramref name="first"/>.</summary>
    internal static CommandProcess StartAfter(string first, params string[] arguments) => StartInShell(first, arguments);

    /// <summary>Starts it as systemd does, with a listening socket that survives exec.</summary>
    internal static CommandProcess StartActivated(int listener, params string[] arguments) => StartInShell(
        string.Create(CultureInfo.InvariantCulture, $"exec 3<&{listener} && export LISTEN_FDS=1 LISTEN_PID=$$"), arguments);

    /// <summary>Runs it to its end.</summary>
    internal static async Task<CommandProcess> RunAsync(params string[] arguments)
    {
        CommandProcess command = Start(arguments);
        await command.ExitAsync();
        return command;
    }

    internal static int PortOf(string line) =>
        int.Parse(ListeningPort().Match(line).Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    internal Task<string> OutputLineAsync(string text) => _output.WaitForAsync(text, _toStart);

    /// <summary>The port that it listens on, once it does.</summary>
    internal async Task<int> PortAsync() => PortOf(await OutputLineAsync("Server listening on port "));

    /// <summary>How many sockets it has open.</summary>
    internal int Sockets() => Descriptors.CountOf(_process.Id, "socket:");

    internal int Id => _process.Id;

    /// <summary>Whether it has a handler for a signal, as proc(5) says. False before it has.</summary>
    internal bool Handles(int signal)
    {
        string caught = File.ReadLines($"/proc/{_process.Id}/status").First(static line => line.StartsWith("SigCgt:", StringComparison.Ordinal));
        return (ulong.Parse(caught.AsSpan("SigCgt:".Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << (signal - 1))) != 0;
    }

    internal void Signal(int signal) => Assert.That(Kill(_process.Id, signal), Is.Zero, "the signal is sent");

    /// <summary>Ctrl+Break, for one that was started in a group of its own.</summary>
    [SupportedOSPlatform("windows")]
    internal void PressCtrlBreak() => Assert.That(GenerateConsoleCtrlEvent(CtrlBreak, _process.Id), Is.Not.Zero, "the event is sent");

    /// <summary>Sends a signal; false when the process has ended.</summary>
    internal bool TrySignal(int signal) => Kill(_process.Id, signal) == 0;

    /// <summary>Its exit code, after all that it wrote has been read.</summary>
    internal async Task<int> ExitAsync()
    {
        using var bound = new CancellationTokenSource(_toEnd);
        await _process.WaitForExitAsync(bound.Token);
        await _reading.WaitAsync(bound.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _reading.WaitAsync(_toEnd);
        _process.Dispose();
    }

    /// <summary>
    /// The command takes the place of a shell that has done <paramref name="first"/>. Debian's sh would know descriptors of
    /// one digit only.
    /// </summary>
    private static CommandProcess StartInShell(string first, string[] arguments)
    {
        ProcessStartInfo start = StartInfo(arguments);
        string[] command = [start.FileName, .. start.ArgumentList];
        start.FileName = "/bin/bash";
        start.ArgumentList.Clear();
        foreach (string argument in (string[])["-c", $"{first} && exec \"$0\" \"$@\"", .. command])
        {
            start.ArgumentList.Add(argument);
        }

        return new CommandProcess(start, readOutput: true);
    }

    /// <summary>What a shell starts it with.</summary>
    internal static string CommandLine => string.Join(' ', (string[])[StartInfo([]).FileName, .. StartInfo([]).ArgumentList]);

    private static ProcessStartInfo StartInfo(string[] arguments)
    {
        string built = Path.Combine(TestContext.CurrentContext.TestDirectory, "ProxyCore.Cli.dll");
        ProcessStartInfo start = Environment.GetEnvironmentVariable(PublishedCommand) is { Length: > 0 } published
            ? new ProcessStartInfo(published, arguments)
            : new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", built, .. arguments]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return start;
    }

    [GeneratedRegex(@"\[INFO\] Server listening on port (\d+)")]
    private static partial Regex ListeningPort();

    [LibraryImport("kernel32")]
    private static partial int GenerateConsoleCtrlEvent(int control, int group);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
