using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ProxyCore.Tests.Cli;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Top;

/// <summary><c>proxycore top</c> on a terminal, which <c>script</c> provides: a shell always finds its modes as they were.</summary>
[Platform("Linux")]
[Parallelizable(ParallelScope.Self)]
internal sealed partial class TopTerminalTests
{
    private const int Sigtstp = 20;
    private const string Script = "/usr/bin/script";

    private LineLog _screen = null!;
    private TemporaryFolder _folder = null!;
    private CommandProcess _proxy = null!;

    [SetUp]
    public void Start()
    {
        if (!File.Exists(Script))
        {
            Assert.Ignore("script(1) is not installed");
        }

        _screen = new LineLog();
        _folder = new TemporaryFolder();
        _proxy = CommandProcess.Start("--listen", "127.0.0.1:0", "--upstream", "9", "--admin", "127.0.0.1:0");
    }

    [TearDown]
    public async Task Stop()
    {
        await _proxy.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task A_hang_up_ends_it_with_the_modes_restored()
    {
        using Process terminal = await RunAsync("stty -g >before; top; stty -g >after");

        Assert.That(Kill(await IdAsync(), CommandProcess.Sighup), Is.Zero);

        await terminal.WaitForExitAsync().WaitAsync(Bound.Wait);
        Assert.That(Read("after"), Is.EqualTo(Read("before")));
    }

    [Test]
    public async Task While_it_is_suspended_the_modes_are_restored_and_it_goes_on_when_it_is_continued()
    {
        using Process terminal = await RunAsync("set -m; stty -g >before; top; stty -g >suspended; touch is-suspended; fg; stty -g >after");
        int id = await IdAsync();

        Assert.That(Kill(id, Sigtstp), Is.Zero);
        await UntilAsync(() => File.Exists(PathOf("is-suspended")));
        int drawn = Draws;
        await UntilAsync(() => Draws > drawn + 2);
        Assert.That(Kill(id, CommandProcess.Sigterm), Is.Zero);

        await terminal.WaitForExitAsync().WaitAsync(Bound.Wait);
        Assert.That(Read("suspended"), Is.EqualTo(Read("before")));
        Assert.That(Read("after"), Is.EqualTo(Read("before")));
    }

    private int Draws => _screen.Lines.Count(static line => line.Contains("q quit", StringComparison.Ordinal));

    /// <summary>Has a shell on a terminal run a script, in which <c>top</c> stands for the command; returns once it reads keys.</summary>
    private async Task<Process> RunAsync(string script)
    {
        string line = await _proxy.OutputLineAsync("Admin page on http://");
        string authority = new Uri(line[line.IndexOf("http://", StringComparison.Ordinal)..]).Authority;
        string command = $"{CommandProcess.CommandLine} top {authority} --interval 50ms";
        string file = _folder.Add("run", System.Text.Encoding.UTF8.GetBytes(
            $"cd '{_folder.FullName}'\ntop() {{ sh -c 'echo $$ >pid; exec {command}'; }}\n{script}\n"));
        var start = new ProcessStartInfo(Script, ["-qec", $"bash '{file}'", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TERM"] = "xterm";
        Process terminal = Process.Start(start)!;
        _ = _screen.ReadAllAsync(terminal.StandardOutput);
        await UntilAsync(() => Draws > 2);
        return terminal;
    }

    private async Task<int> IdAsync() =>
        int.Parse(await File.ReadAllTextAsync(PathOf("pid")), CultureInfo.InvariantCulture);

    private string Read(string name) => File.ReadAllText(PathOf(name));

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private static Task<bool> UntilAsync(Func<bool> isSo) => Bound.Within("the terminal", async token =>
    {
        while (!isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), token);
        }

        return true;
    });

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
