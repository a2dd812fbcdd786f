using ProxyCore.Tests.Cli;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.AccessLogs;

/// <summary>The file is rotated while connections come and go.</summary>
internal sealed class RotationTests
{
    private const int Rounds = 10;
    private const int ClientsARound = 60;
    private const int Clients = (Rounds * ClientsARound) + 1;

    private TemporaryFolder _folder = null!;

    private string Path => $"{_folder.FullName}/access.log";

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase(1)]
    [TestCase(2)]
    public async Task No_line_is_lost_or_torn_when_the_file_is_renamed(int loops)
    {
        long dropped = await RelayWhile(loops, round => File.Move(Path, $"{Path}.{round}"));

        LoggedEnd[] ends = [.. Directory.GetFiles(_folder.FullName).SelectMany(LoggedEnd.ReadAll)];
        Assert.That(ends.Select(static end => end.Id).Order(), Is.EqualTo(Enumerable.Range(1, Clients)));
        Assert.That(dropped, Is.Zero);
    }

    [Test]
    public async Task Removed_file_takes_its_lines_with_it_and_the_next_are_in_a_new_one()
    {
        long dropped = await RelayWhile(loops: 1, _ => File.Delete(Path));

        Assert.That(LoggedEnd.ReadAll(Path), Has.Length.InRange(1, Clients));
        Assert.That(dropped, Is.Zero);
    }

    [Test]
    public async Task Copied_and_truncated_file_has_neither_a_hole_nor_a_torn_line()
    {
        long dropped = await RelayWhile(loops: 1, round =>
        {
            File.Copy(Path, $"{Path}.{round}");
            using FileStream file = new(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.SetLength(0);
        });

        LoggedEnd[] ends = [.. Directory.GetFiles(_folder.FullName).SelectMany(LoggedEnd.ReadAll)];
        Assert.That(ends, Is.Not.Empty.And.Length.LessThanOrEqualTo(Clients));
        Assert.That(dropped, Is.Zero);
    }

    [Test]
    [Platform("Linux", Reason = "Only there is a device that is always full.")]
    public async Task Full_disk_harms_no_connection_and_each_line_is_counted_as_lost()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(
            upstream.Endpoint, options: static options => options.AccessLog = new AccessLogOptions { Path = "/dev/full" });

        await Relay(proxy, 50);
        await proxy.HasEnded(50);
        await proxy.DisposeAsync();

        Assert.That(proxy.Proxy.GetStatistics().AccessLogDropped, Is.EqualTo(50));
        Assert.That(proxy.Log.CountOf("AccessLogDropped"), Is.InRange(1, 2));
    }

    /// <summary>Relays in rounds; in the midst of each the file is rotated. Returns how many lines were dropped.</summary>
    private async Task<long> RelayWhile(int loops, Action<int> rotate)
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, options: options =>
        {
            options.Loops = loops;
            options.AccessLog = new AccessLogOptions { Path = Path, Format = AccessLogFormat.Json };
        });
        for (int round = 1; round <= Rounds; round++)
        {
            Task relaying = Relay(proxy, ClientsARound);
            await HasLines();
            rotate(round);
            await relaying;
        }

        // One after the last rotation.
        await Relay(proxy, 1);
        await proxy.HasEnded(Clients);
        await proxy.DisposeAsync();
        return proxy.Proxy.GetStatistics().AccessLogDropped;
    }

    private Task<bool> HasLines() => Bound.Within("a line", async token =>
    {
        while (!File.Exists(Path) || new FileInfo(Path).Length == 0)
        {
            await Task.Delay(1, token);
        }

        return true;
    });

    private static Task Relay(RunningProxy proxy, int clients) => Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
    {
        using Peer client = await proxy.Connect();
        await client.Echoes("hello");
        client.Fin();
        await client.ReceivesEof();
    }));
}
