using System.Net.Sockets;
using ProxyCore.Connections.Sockets;
using ProxyCore.Loop;

namespace ProxyCore.Tests.Connections;

/// <summary>Which failures of a connect are the proxy's own trouble.</summary>
internal sealed class ConnectionErrorTests
{
    [TestCase(24, TestName = "EMFILE_is_local")]
    [TestCase(23, TestName = "ENFILE_is_local")]
    [TestCase(105, TestName = "ENOBUFS_is_local")]
    [TestCase(12, TestName = "ENOMEM_is_local")]
    [TestCase(99, TestName = "EADDRNOTAVAIL_is_local")]
    [TestCase(1, TestName = "EPERM_of_a_packet_filter_is_local")]
    [TestCase(13, TestName = "EACCES_of_a_packet_filter_is_local")]
    public void Local_failure_says_nothing_about_the_upstream(int errno) =>
        Assert.That(ConnectionErrors.IsLocal(LinuxErrors.Name(errno)), Is.True);

    [TestCase(111, TestName = "ECONNREFUSED_is_the_upstreams")]
    [TestCase(110, TestName = "ETIMEDOUT_is_the_upstreams")]
    [TestCase(104, TestName = "ECONNRESET_is_the_upstreams")]
    [TestCase(101, TestName = "ENETUNREACH_is_the_upstreams")]
    [TestCase(113, TestName = "EHOSTUNREACH_is_the_upstreams")]
    public void Failure_of_the_upstream_is_not_local(int errno) =>
        Assert.That(ConnectionErrors.IsLocal(LinuxErrors.Name(errno)), Is.False);

    [TestCase(2, false, TestName = "ENOENT_of_a_Unix_socket_is_the_upstreams")]
    [TestCase(13, false, TestName = "EACCES_of_a_Unix_socket_is_the_upstreams")]
    [TestCase(11, false, TestName = "EAGAIN_of_a_Unix_socket_is_the_upstreams_full_backlog")]
    [TestCase(24, true, TestName = "EMFILE_is_local_for_a_Unix_socket_too")]
    public void Unix_upstream_answers_for_its_file_and_its_backlog(int errno, bool isLocal) =>
        Assert.That(ConnectionErrors.IsLocal(LinuxErrors.Name(errno), AddressFamily.Unix), Is.EqualTo(isLocal));
}
