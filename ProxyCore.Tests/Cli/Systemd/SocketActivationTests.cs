using ProxyCore.Cli.Systemd;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Cli.Systemd;

/// <summary>The command with a listening socket that it was started with.</summary>
[Platform(Exclude = "Win")]
[Parallelizable(ParallelScope.Self)]
internal sealed class SocketActivationTests
{
    private const int Restarts = 10;

    private EchoUpstream _upstream = null!;
    private HandedListener _listener = null!;

    [SetUp]
    public void Listen()
    {
        _upstream = new EchoUpstream();
        _listener = new HandedListener();
    }

    [TearDown]
    public async Task Close()
    {
        _listener.Dispose();
        await _upstream.DisposeAsync();
    }

    [Test]
    public async Task A_client_that_came_before_the_start_is_served()
    {
        using Peer client = await _listener.Connect();

        await using CommandProcess command = Start();

        await client.Echoes("early");
        command.Signal(CommandProcess.Sigterm);
    }

    [TestCase("1")]
    [TestCase("3")]
    [CancelAfter(60_000)]
    public async Task Ten_restarts_under_load_refuse_and_lose_nobody(string loops)
    {
        using var ended = new CancellationTokenSource();
        int served = 0;
        Task[] load = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested)
            {
                using Peer client = await _listener.Connect();
                await client.Echoes("hello");
                client.Fin();
                await client.ReceivesEof();
                Interlocked.Increment(ref served);
            }
        }))];

        for (int start = 0; start <= Restarts; start++)
        {
            int before = Volatile.Read(ref served);
            await using CommandProcess command = Start("--loops", loops);
            await command.PortAsync();
            while (Volatile.Read(ref served) < before + 20 && !load.Any(static one => one.IsCompleted))
            {
                await Task.Delay(5);
            }

            if (start == Restarts)
            {
                await ended.CancelAsync();
                await Task.WhenAll(load);
            }

            command.Signal(CommandProcess.Sigterm);
            Assert.That(await command.ExitAsync(), Is.Zero);
            Assert.That(command.Error, Is.Empty);
        }

        Assert.That(served, Is.GreaterThanOrEqualTo(20 * (Restarts + 1)));
    }

    [Test]
    public async Task A_socket_that_no_endpoint_is_bound_to_is_told_in_one_line()
    {
        await using CommandProcess command = _listener.Start("--listen", "127.0.0.1:0");

        Assert.That(await command.ExitAsync(), Is.EqualTo(1));
        Assert.That(command.Error, Is.EqualTo(
            [$"proxycore: Cannot listen on {_listener.Address}: the socket was handed over, but no route listens there"]));
    }

    [TestCase("3", 3)]
    [TestCase("0", 0)]
    [TestCase(null, 0)]
    public void The_variables_tell_how_many_there_are(string? count, int expected) =>
        Assert.That(SocketActivation.CountOf("77", count, self: 77), Is.EqualTo(expected));

    [TestCase("78")]
    [TestCase("")]
    [TestCase("x")]
    public void Those_of_another_process_are_none(string process) =>
        Assert.That(SocketActivation.CountOf(process, "3", self: 77), Is.Zero);

    [TestCase("")]
    [TestCase("-1")]
    [TestCase("three")]
    [TestCase("1025")]
    public void What_is_no_number_is_told(string count) => Assert.That(
        () => SocketActivation.CountOf("77", count, self: 77),
        Throws.TypeOf<ListenException>().With.Message.EqualTo(
            $"Cannot listen on the sockets that were handed over: LISTEN_FDS is '{count}', expected a number up to 1024"));

    private CommandProcess Start(params string[] more) => _listener.Start(
        ["--listen", _listener.Address.ToString()!, "--upstream", _upstream.Endpoint.ToString()!, .. more]);
}
