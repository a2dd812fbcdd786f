using System.Net.Sockets;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>Unix sockets on either side, and what becomes of their files.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
public class UnixSocketTests(Parking parking) : ParkingFixture(parking)
{
    private string _folder = "";

    private string Path1 => Path.Combine(_folder, "listen");

    private string Path2 => Path.Combine(_folder, "upstream");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("proxycore-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Relays_from_a_unix_socket_to_a_unix_socket()
    {
        await using var upstream = new EchoUpstream(new UnixDomainSocketEndPoint(Path2));
        await using RunningProxy proxy = await RunningProxy.To(
            upstream.Endpoint, route => route.Listen.Add($"unix:{Path1}"));
        byte[] message = RandomBytes.Of(5_000_000);

        using Peer client = await proxy.Connect();
        Task send = client.Send(message).ContinueWith(_ => client.Fin(), TaskScheduler.Default);
        byte[] back = await client.ReceiveToEnd();
        await send;

        Assert.That(back.AsSpan().SequenceEqual(message), "the bytes differ");
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientFin));
        Assert.That((await proxy.Log.Saw("ListeningOn")).Text, Is.EqualTo($"Server listening on unix:{Path1} (route1)"));
    }

    [Test]
    public async Task File_of_the_listener_goes_with_the_stop()
    {
        RunningProxy proxy = await Listening();
        Assert.That(File.Exists(Path1));

        await proxy.Proxy.StopAsync();

        Assert.That(File.Exists(Path1), Is.False);
    }

    [Test]
    public async Task File_that_another_process_has_put_there_stays_at_the_stop()
    {
        RunningProxy proxy = await Listening();
        File.Delete(Path1);
        await using var other = new TestUpstream(new UnixDomainSocketEndPoint(Path1));

        await proxy.Proxy.StopAsync();

        using Peer client = await Peer.Connect(other.Endpoint);
        await other.Accept();
    }

    [Test]
    public async Task File_that_another_process_has_moved_there_stays_at_the_stop()
    {
        RunningProxy proxy = await Listening();
        using var other = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(Path1 + ".new"));
        other.Listen();
        File.Move(Path1 + ".new", Path1, overwrite: true);

        await proxy.Proxy.StopAsync();

        using Peer client = await Peer.Connect(new UnixDomainSocketEndPoint(Path1));
    }

    [Test]
    public async Task Stale_file_is_replaced()
    {
        LeaveStaleFile();

        await using RunningProxy proxy = await Listening();

        using Peer client = await proxy.Connect();
        await proxy.Log.Saw("Accepted");
    }

    [Test]
    public async Task Live_socket_is_an_error_and_lives_on()
    {
        await using var live = new TestUpstream(new UnixDomainSocketEndPoint(Path1));

        ListenException? exception = Assert.ThrowsAsync<ListenException>(() => Listening());

        Assert.That(exception!.Message, Is.EqualTo($"Cannot listen on unix:{Path1}: another process listens on it"));
        using Peer client = await Peer.Connect(live.Endpoint);
        await live.Accept();
    }

    [TestCase("")]
    [TestCase("precious")]
    public void File_that_is_no_socket_is_an_error_and_stays(string content)
    {
        File.WriteAllText(Path1, content);

        ListenException? exception = Assert.ThrowsAsync<ListenException>(() => Listening());

        Assert.That(exception!.Message, Does.EndWith("the file exists and is no socket"));
        Assert.That(File.ReadAllText(Path1), Is.EqualTo(content));
    }

    [Test]
    public void Folder_that_does_not_exist_is_an_error()
    {
        ListenException? exception = Assert.ThrowsAsync<ListenException>(
            () => RunningProxy.To(AnyUpstream, route => route.Listen.Add($"unix:{_folder}/none/listen")));

        Assert.That(exception!.Message, Is.EqualTo($"Cannot listen on unix:{_folder}/none/listen: the folder does not exist"));
    }

    [Test]
    public async Task Full_backlog_of_a_unix_upstream_is_waited_for()
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Path2));
        listener.Listen(0);
        using Peer filler = await Peer.Connect(listener.LocalEndPoint!);
        await using RunningProxy proxy = await RunningProxy.To(listener.LocalEndPoint!);
        using Peer client = await proxy.Connect();
        await proxy.Log.Saw("Connecting");
        Assert.That(proxy.Log.CountOf("Relaying"), Is.Zero);

        using Socket first = await listener.AcceptAsync();

        await proxy.Log.Saw("Relaying");
    }

    private static System.Net.IPEndPoint AnyUpstream => new(System.Net.IPAddress.Loopback, 9);

    private Task<RunningProxy> Listening() => RunningProxy.To(AnyUpstream, route => route.Listen.Add($"unix:{Path1}"));

    private void LeaveStaleFile()
    {
        // Disposing of a socket removes its file; moved away for the while, it stays.
        string away = Path1 + ".away";
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            socket.Bind(new UnixDomainSocketEndPoint(Path1));
            File.Move(Path1, away);
        }

        File.Move(away, Path1);
    }
}
