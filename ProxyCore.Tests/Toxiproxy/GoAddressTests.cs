using ProxyCore.Cli.Toxiproxy;

namespace ProxyCore.Tests.Toxiproxy;

internal sealed class GoAddressTests
{
    [TestCase("", ":0")]
    [TestCase(":80", ":80")]
    [TestCase(":", ":0")]
    [TestCase("127.0.0.1:80", "127.0.0.1:80")]
    [TestCase("0.0.0.0:80", "0.0.0.0:80")]
    [TestCase("[::1]:80", "[::1]:80")]
    [TestCase("[::ffff:10.0.0.1]:80", "10.0.0.1:80")]
    [TestCase("localhost:80", "127.0.0.1:80")]
    [TestCase("[localhost]:80", "127.0.0.1:80")]
    public async Task It_is_resolved_and_written_as_by_go(string text, string resolved) =>
        Assert.That((await GoAddress.ResolveAsync(text, CancellationToken.None)).ToString(), Is.EqualTo(resolved));

    [TestCase("nowhere", "address nowhere: missing port in address")]
    [TestCase("[::1]", "address [::1]: missing port in address")]
    [TestCase("[::1]x:80", "address [::1]x:80: missing port in address")]
    [TestCase("[::1:80", "address [::1:80: missing ']' in address")]
    [TestCase("::1:80", "address ::1:80: too many colons in address")]
    [TestCase("a]:80", "address a]:80: unexpected bracket in address")]
    [TestCase("a:65536", "address 65536: invalid port")]
    [TestCase("a:-1", "lookup tcp/-1: unknown port")]
    [TestCase("no such host:80", "lookup no such host: no such host")]
    public void What_cannot_be_read_has_the_error_of_go(string text, string error) => Assert.That(
        async () => await GoAddress.ResolveAsync(text, CancellationToken.None),
        Throws.InstanceOf<FormatException>().With.Message.EqualTo(error));

    [TestCase("db.example:5432", "db.example:5432")]
    [TestCase("10.0.0.1:80", "10.0.0.1:80")]
    [TestCase("[2001:db8::1]:80", "[2001:db8::1]:80")]
    [TestCase(":80", "localhost:80")]
    [TestCase("0.0.0.0:80", "localhost:80")]
    [TestCase("[::]:80", "localhost:80")]
    public void An_upstream_is_written_for_the_library(string text, string upstream) =>
        Assert.That(GoAddress.ToUpstream(text), Is.EqualTo(upstream));

    [TestCase("db.example")]
    [TestCase("db.example:0")]
    [TestCase("a b:80")]
    [TestCase("unix:/tmp/x")]
    [TestCase("*:80")]
    public void What_nothing_can_be_connected_to_is_refused(string text) => Assert.That(
        () => GoAddress.ToUpstream(text), Throws.InstanceOf<ApiException>().With.Message.StartsWith("invalid upstream: "));
}
