using System.Reflection;
using ProxyCore.Cli;
using ProxyCore.Cli.Discovery;
using ProxyCore.Cli.Shared;
using ProxyCore.Hosting;
using ProxyCore.Tests.Structure;

namespace ProxyCore.Tests.Configuration;

/// <summary>The table of keys is whole, and so is the page about it.</summary>
internal sealed class ConfigurationKeysTests
{
    // They are code, and have no place in a file.
    private static readonly string[] _codeOnly =
    [
        nameof(TcpProxyOptions.BalancingPolicies), nameof(TcpProxyOptions.RouteSelector), nameof(TcpProxyOptions.ConnectionObservers),
        nameof(TcpProxyOptions.InheritedSockets), nameof(TcpProxyOptions.UpstreamObservers), nameof(TcpProxyOptions.UpstreamSources),
    ];

    // Without effect before there are bytes.
    private static readonly string[] _ofStreams = [nameof(Toxic.Stream)];

    private static readonly (Type Options, IReadOnlyList<ConfigurationKey> Keys)[] _tables =
    [
        (typeof(TcpProxyOptions), ConfigurationKeys.Proxy),
        (typeof(AccessLogOptions), Below(ConfigurationKeys.Proxy, "AccessLog")),
        (typeof(ClientLimitOptions), Below(ConfigurationKeys.Proxy, "ClientLimits")),
        (typeof(ClientLimitOptions), Below(Below(ConfigurationKeys.Proxy, "Routes"), "ClientLimits")),
        (typeof(AccessOptions), Below(ConfigurationKeys.Proxy, "Access")),
        (typeof(AccessOptions), Below(Below(ConfigurationKeys.Proxy, "Routes"), "Access")),
        (typeof(RouteOptions), Below(ConfigurationKeys.Proxy, "Routes")),
        (typeof(ListenOptions), Below(Below(ConfigurationKeys.Proxy, "Routes"), "Listen")),
        (typeof(ProxyProtocolOptions), Below(Below(Below(ConfigurationKeys.Proxy, "Routes"), "Listen"), "ProxyProtocol")),
        (typeof(UpstreamOptions), Below(Below(ConfigurationKeys.Proxy, "Routes"), "Upstreams")),
        (typeof(ListenTlsOptions), Below(Below(Below(ConfigurationKeys.Proxy, "Routes"), "Listen"), "Tls")),
        (typeof(CertificateOptions), Below(Below(Below(Below(ConfigurationKeys.Proxy, "Routes"), "Listen"), "Tls"), "Certificates")),
        (typeof(UpstreamTlsOptions), Below(Below(Below(ConfigurationKeys.Proxy, "Routes"), "Upstreams"), "Tls")),
        (typeof(CertificateOptions), Below(Below(Below(Below(ConfigurationKeys.Proxy, "Routes"), "Upstreams"), "Tls"), "Certificate")),
        (typeof(PassiveHealthOptions), Below(Below(ConfigurationKeys.Proxy, "Routes"), "PassiveHealth")),
        (typeof(BandwidthOptions), Below(Below(ConfigurationKeys.Proxy, "Routes"), "Bandwidth")),
        (typeof(RetryBudgetOptions), Below(Below(ConfigurationKeys.Proxy, "Routes"), "RetryBudget")),
        (typeof(RedisOptions), Below(Below(CommandOptions.Keys, "Shared"), "Redis")),
        (typeof(HealthCheckOptions), Below(Below(ConfigurationKeys.Proxy, "Routes"), "HealthCheck")),
        (typeof(CommandOptions), CommandOptions.Keys),
        (typeof(DnsOptions), Below(CommandOptions.Keys, "Dns")),
        .. ToxicKeys.Types.Select(static type => (TypeOf(type), type.Keys)),
    ];

    [Test]
    public void Every_option_has_its_key_and_every_key_its_option()
    {
        foreach ((Type options, IReadOnlyList<ConfigurationKey> keys) in _tables)
        {
            IEnumerable<string> properties = options.GetProperties(BindingFlags.Public | BindingFlags.Instance | (options.IsPublic ? 0 : BindingFlags.NonPublic))
                .Select(static property => property.Name)
                .Except(_codeOnly)
                .Except(options == typeof(ConnectDelayToxic) || options == typeof(RefuseToxic) ? _ofStreams : []);

            Assert.That(keys.Select(static key => key.Name), Is.EquivalentTo(properties), options.Name);
        }
    }

    [Test]
    public void Every_toxic_but_that_of_users_has_its_type() => Assert.That(
        ToxicKeys.Types.Select(TypeOf),
        Is.EquivalentTo(typeof(Toxic).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(Toxic)) && type != typeof(CustomToxic))));

    [Test]
    public void Every_type_of_toxic_is_on_the_page_with_its_own_keys()
    {
        string[] common = [.. ToxicKeys.Types[0].Keys.Select(static key => key.Name).Except(["Latency", "Jitter", "MaxHeld"])];
        foreach (ConfigurationVariant type in ToxicKeys.Types)
        {
            string keys = string.Join(", ", type.Keys.Select(static key => key.Name).Except(common).Select(static name => $"`{name}`"));

            Assert.That(
                File.ReadAllLines(Path.Combine(Repository.Pages, "configuration.md")),
                Has.One.StartsWith($"| `{type.Name}` |").And.EndsWith(keys.Length > 0 ? $"| {keys} |" : "| |"));
        }
    }

    [Test]
    public void Every_key_is_on_the_page_with_its_default()
    {
        string[] rows = [.. File.ReadAllLines(Path.Combine(Repository.Pages, "configuration.md")).Where(static line => line.StartsWith("| `", StringComparison.Ordinal))];
        foreach (ConfigurationKey key in _tables.SelectMany(static table => table.Keys))
        {
            string[] ofKey = [.. rows.Where(row => row.StartsWith($"| `{key.Name}`", StringComparison.Ordinal))];
            Assert.That(ofKey, Is.Not.Empty, key.Name);
            if (key.Default is { Length: > 0 } text)
            {
                Assert.That(ofKey, Has.Some.Contains($"`{text}`"), key.Name);
            }
        }
    }

    private static Type TypeOf(ConfigurationVariant variant) => variant.GetType().GetGenericArguments()[1];

    private static IReadOnlyList<ConfigurationKey> Below(IReadOnlyList<ConfigurationKey> keys, string name) =>
        keys.Single(key => key.Name == name).Below;
}
