using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using ProxyCore.Bench.Chaos.Transfers;

namespace ProxyCore.Tests.Bench.Chaos;

/// <summary>Both ends of a transfer, with a wire between them that may not be true.</summary>
[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class TransferTests
{
    private const int Number = 7;
    private const int Bytes = 300_000;

    private Socket _client = null!;
    private Socket _server = null!;
    private CancellationTokenSource _patience = null!;

    [SetUp]
    public async Task Connect()
    {
        _patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await _client.ConnectAsync(listener.LocalEndPoint!);
        _server = await listener.AcceptAsync();
    }

    [TearDown]
    public void Close()
    {
        _client.Dispose();
        _server.Dispose();
        _patience.Dispose();
    }

    [TestCase(TransferKind.BothWays)]
    [TestCase(TransferKind.Requests)]
    [TestCase(TransferKind.ClientFinishesFirst)]
    [TestCase(TransferKind.ServerFinishesFirst)]
    public async Task Ends_that_send_what_they_must_are_whole(TransferKind kind)
    {
        var plan = new TransferPlan(Number, kind, Bytes, 2 * Bytes, Rounds: 3);
        Task<EndOfTransfer> server = TransferEnds.PlayServerAsync(ServerEnd(), plan, _patience.Token);

        Assert.That(await TransferEnds.PlayClientAsync(ClientEnd(), plan, _patience.Token), Is.EqualTo(EndOfTransfer.Whole));
        Assert.That(await server, Is.EqualTo(EndOfTransfer.Whole));
    }

    [Test]
    public async Task Bytes_of_another_place_in_the_stream_are_wrong()
    {
        await _server.SendAsync(Pattern.At((2 * Number) + 1, position: 1, 1000));

        Assert.That(await ReceiveAtClientAsync(1000), Is.EqualTo(EndOfTransfer.WrongBytes));
    }

    [Test]
    public async Task A_FIN_before_the_end_is_early()
    {
        await ServerEnd().SendAsync(999L, _patience.Token);
        _server.Shutdown(SocketShutdown.Send);

        Assert.That(await ReceiveAtClientAsync(1000), Is.EqualTo(EndOfTransfer.EarlyFin));
    }

    [Test]
    public async Task A_byte_after_the_end_is_too_much()
    {
        await ServerEnd().SendAsync(1001L, _patience.Token);
        TransferSocket client = ClientEnd();
        await client.ReceiveAsync(1000, _patience.Token);

        Assert.That(
            async () => await client.ReceiveFinAsync(_patience.Token),
            Throws.TypeOf<BrokenTransferException>().With.Property("End").EqualTo(EndOfTransfer.TooMuch));
    }

    [Test]
    public async Task A_reset_that_a_send_was_told_already_is_no_FIN()
    {
        _server.Close(0);
        Assert.That(
            () =>
            {
                try
                {
                    _client.Send([1]);
                    return false;
                }
                catch (SocketException)
                {
                    return true;
                }
            },
            Is.True.After(10_000, 5));

        Assert.That(await ReceiveAtClientAsync(1000), Is.EqualTo(EndOfTransfer.Reset));
    }

    private TransferSocket ClientEnd() => new(_client, Number, isClient: true, readPause: 0);

    private TransferSocket ServerEnd() => new(_server, Number, isClient: false, readPause: 0);

    private async Task<EndOfTransfer?> ReceiveAtClientAsync(long count)
    {
        try
        {
            await ClientEnd().ReceiveAsync(count, _patience.Token);
            return null;
        }
        catch (Exception exception) when (TransferEnds.Explain(exception) is not null)
        {
            return TransferEnds.Explain(exception);
        }
    }
}
