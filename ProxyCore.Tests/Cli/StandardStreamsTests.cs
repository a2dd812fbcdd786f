using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Cli;

/// <summary>The command with standard streams that are closed, full, or gone.</summary>
[Platform("Linux")]
[Parallelizable(ParallelScope.Self)]
internal sealed class StandardStreamsTests
{
    private const string AllClosed = "exec <&- >&- 2>&-";

    [TestCase("exec 2>/dev/full")]
    [TestCase("exec 2>&-")]
    [TestCase("exec >&- 2>&-")]
    [TestCase(AllClosed)]
    public async Task An_error_message_that_cannot_be_written_leaves_the_exit_code(string streams)
    {
        await using CommandProcess badUsage = CommandProcess.StartAfter(streams, "--bogus");
        await using CommandProcess cannotRun = CommandProcess.StartAfter(streams, "--listen", "192.0.2.1:80");
        await using CommandProcess badFile = CommandProcess.StartAfter(streams, "check", "--config", "/no/such/file");
        await using CommandProcess nobody = CommandProcess.StartAfter(streams, "top", "unix:/no/such/socket");

        Assert.That(await badUsage.ExitAsync(), Is.EqualTo(2));
        Assert.That(await cannotRun.ExitAsync(), Is.EqualTo(1));
        Assert.That(await badFile.ExitAsync(), Is.EqualTo(2));
        Assert.That(await nobody.ExitAsync(), Is.EqualTo(1));
    }

    [TestCase("exec >/dev/full")]
    [TestCase("exec >&-")]
    [TestCase("exec <&-")]
    [TestCase(AllClosed)]
    public async Task A_relay_without_standard_streams_relays_bytes_and_nothing_else(string streams)
    {
        await using var upstream = new EchoUpstream();
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.FullName, "socket");
        await using CommandProcess command = CommandProcess.StartAfter(
            streams, "--listen", $"unix:{path}", "--upstream", upstream.Endpoint.ToString()!, "--log-level", "trace");
        using Peer client = await Connect(path);

        for (int i = 0; i < 100; i++)
        {
            await client.Echoes($"message {i}");
        }

        client.Fin();
        await client.ReceivesEof();
        command.Signal(CommandProcess.Sigterm);
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [Test]
    public async Task A_log_whose_reader_goes_and_comes_back_goes_on_and_says_how_many_lines_were_lost()
    {
        await using var upstream = new EchoUpstream();
        using var folder = new TemporaryFolder();
        string fifo = Path.Combine(folder.FullName, "log");
        await using CommandProcess command = CommandProcess.StartAfter(
            $"mkfifo '{fifo}' && exec >'{fifo}'", "--listen", "127.0.0.1:0", "--upstream", upstream.Endpoint.ToString()!, "--log-level", "debug");
        int port;
        using (StreamReader reader = await Open(fifo))
        {
            string? line;
            do
            {
                line = await reader.ReadLineAsync();
            }
            while (line?.Contains("Server listening", StringComparison.Ordinal) == false);

            port = CommandProcess.PortOf(line!);
        }

        (StreamReader again, string first) = await ReadsAfterALoss(fifo, port);
        using StreamReader reading = again;

        Assert.That(first, Does.Match("\\[WARN\\] [1-9][0-9]* log lines were lost: standard output did not take them$"));
        command.Signal(CommandProcess.Sigterm);
        Assert.That(await again.ReadToEndAsync().WaitAsync(Bound.Wait), Does.Contain("[INFO] Server stopped"));
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [TestCase(64)]
    [TestCase(128)]
    public async Task A_small_limit_of_the_stack_hinders_neither_start_nor_stop(int kilobytes)
    {
        await using var upstream = new EchoUpstream();
        await using CommandProcess command = CommandProcess.StartAfter(
            $"ulimit -s {kilobytes}", "--listen", "127.0.0.1:0", "--upstream", upstream.Endpoint.ToString()!, "--admin", "127.0.0.1:0");
        using (Peer client = await EchoClient.ConnectAsync(await command.PortAsync()))
        {
            await client.Echoes("more");
        }

        command.Signal(CommandProcess.Sigterm);

        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    /// <summary>
    /// Lets the log have no reader while clients come and go; then a reader, and the first line that it gets. Once more if nothing
    /// was lost, because the log had not begun to write what the clients gave cause to.
    /// </summary>
    private static Task<(StreamReader Reader, string First)> ReadsAfterALoss(string fifo, int port) => Bound.Within("a loss", async token =>
    {
        while (true)
        {
            for (int i = 0; i < 10; i++)
            {
                using Peer client = await EchoClient.ConnectAsync(port);
            }

            StreamReader reader = await Open(fifo);
            using Peer last = await EchoClient.ConnectAsync(port);
            string first = (await reader.ReadLineAsync(token))!;
            if (first.Contains("[WARN]", StringComparison.Ordinal))
            {
                return (reader, first);
            }

            reader.Dispose();
        }
    });

    private static Task<StreamReader> Open(string fifo) => Bound.Within("the log's writer", async token =>
    {
        while (!File.Exists(fifo))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), token);
        }

        return await Task.Run(() => new StreamReader(new FileStream(fifo, FileMode.Open, FileAccess.Read)), token);
    });

    private static Task<Peer> Connect(string path) => Bound.Within("a connection", async token =>
    {
        while (true)
        {
            try
            {
                return await Peer.Connect(new System.Net.Sockets.UnixDomainSocketEndPoint(path));
            }
            catch (System.Net.Sockets.SocketException) when (!token.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), token);
            }
        }
    });
}
