namespace ProxyCore.Tests.Harness;

/// <summary>Many clients of an echo at once, each with bytes of its own.</summary>
internal static class ManyClients
{
    /// <summary>Each gets exactly its bytes back, and the proxy has counted all and holds nothing.</summary>
    /// <param name="proxy">A proxy before an echo, with no connection yet.</param>
    /// <param name="clients">How many.</param>
    /// <param name="longest">How many bytes a client has at most.</param>
    /// <param name="sendAndFin">Sends a client's bytes, and then nothing more.</param>
    internal static async Task GetTheirBytesBack(RunningProxy proxy, int clients, int longest, Func<Peer, ReadOnlyMemory<byte>, Task> sendAndFin)
    {
        var sizes = new Random(7);
        byte[][] messages = [.. Enumerable.Range(0, clients).Select(i => RandomBytes.Of(sizes.Next(longest), seed: i))];

        await Task.WhenAll(messages.Select(async message =>
        {
            using Peer client = await proxy.Connect();
            Task send = sendAndFin(client, message);
            byte[] back = await client.ReceiveToEnd();
            await send;
            Assert.That(back.AsSpan().SequenceEqual(message), "the bytes differ");
        }));

        TcpProxyStatistics statistics = await proxy.Ended(clients);
        long total = messages.Sum(static message => (long)message.Length);
        Assert.Multiple(() =>
        {
            Assert.That(statistics.Accepted, Is.EqualTo(clients));
            Assert.That(statistics.Active, Is.Zero);
            Assert.That(statistics.BytesToUpstreams, Is.EqualTo(total));
            Assert.That(statistics.BytesToClients, Is.EqualTo(total));
            Assert.That(statistics.Ended[EndReason.ClientFin], Is.EqualTo(clients));
        });
        await proxy.HoldsNothing();
    }
}
