using Microsoft.Extensions.Logging;
using Moq;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>What fails unexpectedly ends its own connection, and nothing else.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
public class FaultTests(Parking parking) : ParkingFixture(parking)
{
    [Test]
    public async Task A_handler_that_throws_ends_its_connection_only()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        using Ends victim = await Ends.Of(proxy, upstream, ConnectionSide.Client);
        using Ends other = await Ends.Of(proxy, upstream, ConnectionSide.Client);

        // A socket that is disposed of behind the connection's back makes the next use of it throw.
        await proxy.OnLoop(shard =>
        {
            shard.Routes.Find(1)!.Client.Dispose();
            return victim.Other.Socket.Send("to the client"u8);
        });

        await victim.Other.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.Fault));
        Assert.That((await proxy.Log.Saw("ConnectionFault")).Text, Does.StartWith("Connection 1: "));
        await other.Side.Send("hello");
        Assert.That(await other.Other.ReceiveText(5), Is.EqualTo("hello"));
    }

    [Test]
    public async Task A_logger_that_throws_harms_no_connection()
    {
        await using var upstream = new EchoUpstream();
        var logger = new Mock<ILogger>();
        logger.Setup(static l => l.IsEnabled(It.IsAny<LogLevel>())).Returns(true);
        logger
            .Setup(static l => l.Log(
                It.IsAny<LogLevel>(), It.IsAny<EventId>(), It.IsAny<It.IsAnyType>(), It.IsAny<Exception?>(),
                It.IsAny<Func<It.IsAnyType, Exception?, string>>()))
            .Throws<InvalidOperationException>();
        var factory = Mock.Of<ILoggerFactory>(f => f.CreateLogger(It.IsAny<string>()) == logger.Object);
        await using TcpProxy proxy = await TcpProxy.StartNewAsync("127.0.0.1:0", upstream.Endpoint.ToString()!, factory);

        using Peer client = await Peer.Connect(proxy.Endpoints[0]);
        await client.Echoes("hello");
        logger.Verify(static l => l.IsEnabled(LogLevel.Trace), Times.AtLeastOnce);
    }
}
