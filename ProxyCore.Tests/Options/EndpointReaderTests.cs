using ProxyCore.Settings;

namespace ProxyCore.Tests.Options;

internal sealed class EndpointReaderTests
{
    [TestCase("unix:/run/app.sock", false, "Listen: 'unix:/run/app.sock' is a Unix socket, which this system does not have: Windows has them since Windows 10 1803")]
    [TestCase("unix:/run/app.sock", true, null)]
    [TestCase("localhost:80", false, null)]
    public void A_Unix_socket_is_a_mistake_where_the_system_has_none(string text, bool hasUnixSockets, string? expected)
    {
        var errors = new ValidationErrors();

        new EndpointReader(errors, hasUnixSockets).ReadListen(text, "Listen");

        Assert.That(errors.Lines, Is.EqualTo((string[])(expected is null ? [] : [expected])));
    }
}
