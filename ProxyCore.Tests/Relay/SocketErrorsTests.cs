using System.Net.Sockets;
using ProxyCore.Relay;

namespace ProxyCore.Tests.Relay;

internal sealed class SocketErrorsTests
{
    [TestCase(SocketError.Success, TransferResult.Success)]
    [TestCase(SocketError.WouldBlock, TransferResult.WouldBlock)]
    [TestCase(SocketError.Interrupted, TransferResult.TryAgain)]
    [TestCase(SocketError.NoBufferSpaceAvailable, TransferResult.TryAgain)]
    [TestCase(SocketError.ConnectionReset, TransferResult.Reset)]
    [TestCase(SocketError.ConnectionAborted, TransferResult.Reset)]
    [TestCase(SocketError.Shutdown, TransferResult.Reset)]
    [TestCase(SocketError.NotConnected, TransferResult.Reset)]
    [TestCase(SocketError.Disconnecting, TransferResult.Reset)]
    [TestCase(SocketError.TimedOut, TransferResult.Lost)]
    [TestCase(SocketError.HostUnreachable, TransferResult.Lost)]
    [TestCase(SocketError.NetworkUnreachable, TransferResult.Lost)]
    [TestCase(SocketError.NetworkDown, TransferResult.Lost)]
    [TestCase(SocketError.SocketError, TransferResult.Lost)]
    public void Each_error_belongs_to_a_group(SocketError error, TransferResult expected) =>
        Assert.That(SocketErrors.Classify(error), Is.EqualTo(expected));

    [Test]
    public void An_error_that_nobody_thought_of_ends_the_connection()
    {
        SocketError[] harmless =
            [SocketError.Success, SocketError.WouldBlock, SocketError.Interrupted, SocketError.NoBufferSpaceAvailable];

        foreach (SocketError error in Enum.GetValues<SocketError>().Except(harmless))
        {
            Assert.That(SocketErrors.Classify(error), Is.AnyOf(TransferResult.Reset, TransferResult.Lost), error.ToString());
        }
    }
}
