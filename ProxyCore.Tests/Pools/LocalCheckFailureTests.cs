using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using ProxyCore.Connections.Pools;
using ProxyCore.Tests.Harness;
using ProxyCore.Upstreams;

namespace ProxyCore.Tests.Pools;

/// <summary>A check that this machine could not make says nothing about the upstream.</summary>
internal sealed class LocalCheckFailureTests
{
    private static readonly PoolMember _member =
        new(new MemberSettings("10.0.0.1:80", [new IPEndPoint(IPAddress.Loopback, 1)], Weight: 1, MaxConnections: null, IsBackup: false));

    [TestCase(SocketError.TooManyOpenSockets, AddressFamily.InterNetwork, true)]
    [TestCase(SocketError.TooManyOpenSockets, AddressFamily.Unix, true)]
    [TestCase(SocketError.NoBufferSpaceAvailable, AddressFamily.InterNetworkV6, true)]
    [TestCase(SocketError.AddressNotAvailable, AddressFamily.InterNetwork, true)]
    [TestCase(SocketError.AddressNotAvailable, AddressFamily.Unix, false)]
    [TestCase(SocketError.AccessDenied, AddressFamily.Unix, false)]
    [TestCase(SocketError.ConnectionRefused, AddressFamily.InterNetwork, false)]
    [TestCase(SocketError.TimedOut, AddressFamily.InterNetwork, false)]
    public void Check_is_not_made_or_has_failed(SocketError error, AddressFamily family, bool isLocal) =>
        Assert.That(CheckResult.Of(error, family).Outcome, Is.EqualTo(isLocal ? CheckOutcome.NotMade : CheckOutcome.Failed));

    [Test]
    public void Checks_that_are_not_made_are_one_warning_a_minute()
    {
        using var log = new RecordedLog(LogLevel.Warning);
        var events = new HealthEvents(log, TimeProvider.System, static _ => { });
        CheckResult result = CheckResult.Of(SocketError.TooManyOpenSockets, AddressFamily.InterNetwork);
        for (int second = 0; second < 120; second++)
        {
            events.LogCheck("web", _member, result, TimeSpan.FromSeconds(second));
        }

        Assert.That(log.Entries.Select(static entry => entry.Text), Is.EqualTo(Enumerable.Repeat(
            "Route web: 10.0.0.1:80 could not be checked, by a failure of this machine: out of descriptors; its state stays as it is", 2)));
    }
}
