using ProxyCore.Cli.Discovery;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Discovery;

/// <summary>The checks of the key Dns.</summary>
internal sealed class DnsSettingsTests
{
    [TestCase("10.0.0.53", "10.0.0.53:53")]
    [TestCase("10.0.0.53:5353", "10.0.0.53:5353")]
    [TestCase("fd00::1", "[fd00::1]:53")]
    [TestCase("[fd00::1]:5353", "[fd00::1]:5353")]
    public void Server_is_an_address_with_or_without_a_port(string text, string expected) =>
        Assert.That(Read(options => options.Servers.Add(text)).Settings.Servers.Single().ToString(), Is.EqualTo(expected));

    [TestCase("dns.example")]
    [TestCase("localhost:53")]
    [TestCase("10.0.0.53:0")]
    [TestCase("")]
    public void Anything_else_is_refused(string text) => Assert.That(
        Read(options => options.Servers.Add(text)).Errors.Single(),
        Does.StartWith($"Dns:Servers:0: '{text}' is no server of the DNS: write an IP address"));

    [Test]
    public void Times_have_their_bounds() => Assert.That(
        Read(static options =>
        {
            options.MinTtl = TimeSpan.FromSeconds(0.5);
            options.MaxTtl = TimeSpan.FromDays(366);
            options.Timeout = TimeSpan.Zero;
            options.KeepMissing = TimeSpan.FromSeconds(-1);
        }).Errors.Select(static line => line.Split(": ")[0]),
        Is.EquivalentTo(["Dns:MinTtl", "Dns:MaxTtl", "Dns:Timeout", "Dns:KeepMissing"]));

    [Test]
    public void Ceiling_is_not_below_the_floor() => Assert.That(
        Read(static options => (options.MinTtl, options.MaxTtl) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(9))).Errors,
        Is.EqualTo(["Dns:MaxTtl: must not be less than MinTtl"]));

    private static (DnsSettings Settings, string[] Errors) Read(Action<DnsOptions> change)
    {
        var options = new DnsOptions();
        change(options);
        var errors = new ValidationErrors();
        return (DnsSettings.Read(options, "Dns:", errors), [.. errors.Lines]);
    }
}
