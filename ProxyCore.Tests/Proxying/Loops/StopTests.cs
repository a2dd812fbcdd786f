using Microsoft.Extensions.Time.Testing;
using ProxyCore.Connections.Listening;
using ProxyCore.Platform;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Proxying.Loops;

/// <summary>All loops drain at once, within one bound, and end together.</summary>
[TestFixture(2, ClientSpread.OwnListeners)]
[TestFixture(4, ClientSpread.OwnListeners)]
[TestFixture(4, ClientSpread.HandOver)]
internal sealed class StopTests(int loops, ClientSpread spread) : LoopsFixture(loops, spread)
{
    private const int Clients = 40;

    [Test]
    public async Task A_drain_lets_the_connections_of_every_loop_finish()
    {
        await using RunningProxy proxy = await Start();
        Peer[] clients = await ConnectServed(proxy, Clients);

        Task stop = proxy.Proxy.StopAsync();
        LogEntry draining = await proxy.Log.Saw("Draining");
        Assert.That(draining.Text, Does.StartWith($"Draining: {Clients} still open"));
        await Task.WhenAll(clients.Select(static client => client.Echoes("last words")));
        await EndOrderly(clients[1..]);
        Assert.That(stop.IsCompleted, Is.False, "one is still open");
        await EndOrderly(clients[0]);

        await Bound.Within("the stop", stop);
        Assert.Multiple(() =>
        {
            Assert.That(proxy.Proxy.GetStatistics().Ended[EndReason.ClientFin], Is.EqualTo(Clients));
            Assert.That(proxy.Log.CountOf("Draining"), Is.EqualTo(1));
            Assert.That(proxy.Log.CountOf("Cutting"), Is.Zero);
            Assert.That(proxy.Log.CountOf("Stopped"), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task The_drain_timeout_cuts_what_is_left_on_every_loop()
    {
        var clock = new FakeTimeProvider();
        await using RunningProxy proxy = await Start(clock: clock);
        Peer[] clients = await ConnectServed(proxy, Clients);
        Task stop = proxy.Proxy.StopAsync();
        await proxy.Log.Saw("Draining");

        clock.Advance(new TcpProxyOptions().DrainTimeout);

        await Task.WhenAll(clients.Select(static client => client.ReceivesReset()));
        await Bound.Within("the stop", stop);
        Assert.That(proxy.Proxy.GetStatistics().Ended[EndReason.DrainTimeout], Is.EqualTo(Clients));
        Assert.That(
            proxy.Log.Entries.Where(static entry => entry.Name == "Cutting").Select(static entry => entry.Text),
            Is.EqualTo([$"Cutting: {Clients} still open (DrainTimeout)"]));
    }

    [Test]
    public async Task A_disposal_cuts_every_loop()
    {
        RunningProxy proxy = await Start();
        Peer[] clients = await ConnectServed(proxy, Clients);

        await Bound.Within("the disposal", proxy.DisposeAsync().AsTask());

        await Task.WhenAll(clients.Select(static client => client.ReceivesReset()));
        Assert.That(proxy.Proxy.GetStatistics().Ended[EndReason.Shutdown], Is.EqualTo(Clients));
        Assert.That(proxy.Log.CountOf("Stopped"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_stop_at_the_maximum_serves_the_queued_clients_first()
    {
        await using RunningProxy proxy = await Start(options: static options => options.MaxConnections = 1);
        Peer[] served = await ConnectServed(proxy, 1);
        Peer[] queued = await Connect(proxy, 100);
        await proxy.Log.Saw("AtMaximum");

        Task stop = proxy.Proxy.StopAsync();
        await proxy.Log.Saw("Draining");
        if (TargetSystem.IsLinux)
        {
            Assert.That(() => proxy.Connect(), Throws.InstanceOf<System.Net.Sockets.SocketException>(), "new clients are refused");
        }

        await EndOrderly(served);
        await Task.WhenAll(queued.Select(static async client =>
        {
            await client.Echoes("queued");
            client.Dispose();
        }));

        await Bound.Within("the stop", stop);
        Assert.That(proxy.Proxy.GetStatistics().Accepted, Is.EqualTo(101));
    }

    [Test]
    [LinuxCalls("Only there can a listener be made to ignore new clients.")]
    public async Task A_stop_resets_nobody_who_was_connected()
    {
        await using RunningProxy proxy = await Start();
        int served = 0;
        Task[] storm = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                Peer client;
                try
                {
                    client = await proxy.Connect();
                }
                catch (System.Net.Sockets.SocketException)
                {
                    return;
                }

                using (client)
                {
                    await client.Echoes("hello");
                    Interlocked.Increment(ref served);
                }
            }
        }))];
        SpinWait.SpinUntil(() => Volatile.Read(ref served) > 200, Bound.Wait);

        await Bound.Within("the stop", proxy.Proxy.StopAsync());

        await Bound.Within("the clients", Task.WhenAll(storm));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_stop_in_the_midst_of_a_storm_loses_nobody_who_was_accepted(bool drain)
    {
        int before = Descriptors.Count();
        RunningProxy proxy = await Start();
        using var over = new CancellationTokenSource();
        Task[] storm = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(() => ConnectUntil(proxy, over.Token)))];
        await proxy.Log.Saw("Accepted", 20);

        Task stop = drain ? proxy.Proxy.StopAsync() : proxy.Proxy.DisposeAsync().AsTask();

        await Bound.Within("the stop", stop);
        await over.CancelAsync();
        await Bound.Within("the storm", Task.WhenAll(storm));
        await Upstream.HasNoConnections();
        TcpProxyStatistics statistics = proxy.Proxy.GetStatistics();
        Assert.That(statistics.Active, Is.Zero);
        Assert.That(statistics.Ended[EndReason.Fault], Is.Zero);
        Assert.That(Descriptors.Count(), Is.LessThanOrEqualTo(before));
    }

    private static async Task ConnectUntil(RunningProxy proxy, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                using Peer client = await proxy.Connect();
                client.Fin();
                await client.ReceiveWhatComes();
            }
            catch (System.Net.Sockets.SocketException)
            {
                // Nobody listens any more, or the connection was cut.
            }
        }
    }
}
