using System.Collections;
using System.Net;
using System.Reflection;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Options;

/// <summary>The options of a proxy can be read back, and one of them changed.</summary>
internal sealed class CopyTests
{
    [Test]
    public async Task One_option_is_changed_by_applying_what_was_read_back()
    {
        await using var first = new EchoUpstream();
        await using var second = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(first.Endpoint, static route => route.Name = "web");
        EndPoint endpoint = proxy.Endpoint;

        TcpProxyOptions options = proxy.Proxy.GetOptions();
        options.Routes[0].Upstreams[0].Address = second.Endpoint.ToString()!;
        Assert.That(proxy.Proxy.GetOptions().Routes[0].Upstreams[0].Address, Is.EqualTo(first.Endpoint.ToString()), "before it is applied");
        await proxy.Proxy.ApplyAsync(options);
        options.Routes.Clear();
        await proxy.Serves(1);

        Assert.That(proxy.Proxy.GetOptions().Routes[0].Upstreams[0].Address, Is.EqualTo(second.Endpoint.ToString()));
        Assert.That((proxy.Endpoint, first.Accepted, second.Accepted), Is.EqualTo((endpoint, 0, 1)));
    }

    [Test]
    public async Task Options_that_are_refused_are_not_read_back()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        TcpProxyOptions options = proxy.Proxy.GetOptions();
        options.Routes[0].Backlog = 0;

        Assert.That(() => proxy.Proxy.ApplyAsync(options), Throws.ArgumentException);

        Assert.That(proxy.Proxy.GetOptions().Routes[0].Backlog, Is.EqualTo(4096));
    }

    [Test]
    public void Copy_has_every_value_and_shares_no_object_that_can_be_changed()
    {
        var options = new TcpProxyOptions
        {
            Routes =
            {
                new RouteOptions
                {
                    Name = "web",
                    Listen = { new ListenOptions("1") { ProxyProtocol = new ProxyProtocolOptions { From = { "unix" } }, Tls = TlsOfListener() } },
                    ServerNames = { "a.example" },
                    Alpn = { "h2" },
                    Upstreams = { new UpstreamOptions { Address = "2", Tls = TlsOfUpstream() } },
                    Tls = RouteTlsMode.Passthrough,
                    ClientCertificates = ClientCertificateMode.Optional,
                    ClientCa = "ca",
                    HealthCheck = new HealthCheckOptions(),
                    ClientLimits = new ClientLimitOptions { ConnectionRate = ConnectionRate.PerSecond(10) },
                    Access = new AccessOptions { EndDenied = true },
                    Bandwidth = new BandwidthOptions(),
                },
            },
            AccessLog = new AccessLogOptions(),
            Access = new AccessOptions { Allow = { "10.0.0.0/8" }, Deny = { "10.0.0.1" }, AllowFiles = { "a" }, DenyFiles = { "b" } },
            ClientLimits = new ClientLimitOptions { Burst = 5 },
            TlsEngine = TlsEngineKind.SslStream,
        };

        AssertCopied(options, options.Copy(), nameof(TcpProxyOptions));
    }

    [Test]
    public void Null_is_refused_by_name()
    {
        using var proxy = new TcpProxy(new TcpProxyOptions { Routes = { new RouteOptions { Listen = { "0" }, Upstreams = { new UpstreamOptions { Address = "1" } } } } });

        Assert.Multiple(() =>
        {
            Assert.That(static () => new TcpProxy(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("options"));
            Assert.That(() => proxy.ApplyAsync(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("options"));
            Assert.That(static () => TcpProxy.StartNewAsync(null!, "1"), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("listen"));
            Assert.That(static () => TcpProxy.StartNewAsync("0", null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("upstream"));
            Assert.That(static () => new ClientInfo(null!, null), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("route"));
        });
    }

    private static ListenTlsOptions TlsOfListener() => new()
    {
        Certificates = { new CertificateOptions { Certificate = "a", Key = "b", PasswordFile = "c" }, new CertificateOptions { Certificate = "d" } },
        ClientCertificates = ClientCertificateMode.Required,
        ClientCa = "ca",
        Alpn = { "h2", "http/1.1" },
        MinimumVersion = TlsVersion.Tls13,
        HandshakeTimeout = TimeSpan.FromSeconds(3),
        OnTruncation = TruncationAction.Reset,
        UnknownName = UnknownNameAction.Reject,
    };

    private static UpstreamTlsOptions TlsOfUpstream() => new()
    {
        ServerName = "a.example",
        Ca = "ca",
        Verify = false,
        Certificate = new CertificateOptions { Certificate = "e" },
        Alpn = { "h2" },
        MinimumVersion = TlsVersion.Tls13,
        StartTls = StartTlsMode.Postgres,
        OnTruncation = TruncationAction.Reset,
    };

    private static void AssertCopied(object original, object copy, string path)
    {
        Assert.That(copy, Is.Not.SameAs(original), path);
        foreach (PropertyInfo property in original.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            AssertSameValue(property.GetValue(original), property.GetValue(copy), $"{path}.{property.Name}");
        }
    }

    private static void AssertSameValue(object? original, object? copy, string path)
    {
        if (original is null or string or ValueType)
        {
            Assert.That(copy, Is.EqualTo(original), path);
            return;
        }

        if (original is not IEnumerable items)
        {
            AssertCopied(original, copy!, path);
            return;
        }

        Assert.That(copy, Is.Not.SameAs(original), path);
        if (original is IEnumerable<string>)
        {
            Assert.That(copy, Is.EqualTo(original), path);
            return;
        }

        object[] copies = [.. ((IEnumerable)copy!).Cast<object>()];
        object[] originals = [.. items.Cast<object>()];
        Assert.That(copies, Has.Length.EqualTo(originals.Length), path);
        for (int i = 0; i < originals.Length; i++)
        {
            AssertCopied(originals[i], copies[i], $"{path}[{i}]");
        }
    }
}
