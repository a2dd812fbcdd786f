using ProxyCore.Settings;

namespace ProxyCore.Tests.Options;

/// <summary>What a listener may say of TLS, and the settings that it gives.</summary>
internal sealed class ListenTlsOptionsTests
{
    private const string Path = "Routes:0:Listen:0:Tls:";

    [Test]
    public void What_is_not_said_is_the_default()
    {
        ListenTlsSettings tls = SettingsOf(Tls());

        Assert.That(tls.Certificates, Is.EqualTo([new CertificateSettings(System.IO.Path.GetFullPath("a.pem"), null, null)]));
        Assert.That(tls.Clients, Is.EqualTo(ClientCertificateSettings.None));
        Assert.That(tls.Alpn, Is.Empty);
        Assert.That(
            (tls.MinimumVersion, tls.HandshakeTimeout, tls.OnTruncation, tls.UnknownName),
            Is.EqualTo((TlsVersion.Tls12, TimeSpan.FromSeconds(10), TruncationAction.Tolerate, UnknownNameAction.Default)));
    }

    [Test]
    public void Every_option_becomes_a_setting()
    {
        ListenTlsOptions options = Tls();
        options.Certificates[0] = new CertificateOptions { Certificate = "/c/a.pem", Key = "/c/a.key", PasswordFile = "/c/password" };
        options.Certificates.Add(new CertificateOptions { Certificate = "/c/b.pem", Key = "/c/../c/b.pem" });
        options.ClientCertificates = ClientCertificateMode.Required;
        options.ClientCa = "/c/ca.pem";
        options.Alpn.Add("h2");
        options.Alpn.Add("http/1.1");
        options.MinimumVersion = TlsVersion.Tls13;
        options.HandshakeTimeout = TimeSpan.FromSeconds(3);
        options.OnTruncation = TruncationAction.Reset;
        options.UnknownName = UnknownNameAction.Reject;

        Assert.That(SettingsOf(options), Is.EqualTo(new ListenTlsSettings(
            [new CertificateSettings(Full("/c/a.pem"), Full("/c/a.key"), Full("/c/password")), new CertificateSettings(Full("/c/b.pem"), null, null)],
            new ClientCertificateSettings(ClientCertificateMode.Required, Full("/c/ca.pem")),
            ["h2", "http/1.1"],
            TlsVersion.Tls13,
            TimeSpan.FromSeconds(3),
            TruncationAction.Reset,
            UnknownNameAction.Reject)));
    }

    [Test]
    public void The_CA_of_an_endpoint_that_asks_nobody_is_kept_for_its_routes()
    {
        ListenTlsOptions options = Tls();
        options.ClientCa = "/c/ca.pem";

        Assert.That(SettingsOf(options).Clients, Is.EqualTo(new ClientCertificateSettings(ClientCertificateMode.None, Full("/c/ca.pem"))));
    }

    private static IEnumerable<TestCaseData> Mistakes()
    {
        yield return Case("Certificates: at least one certificate is needed", static tls => tls.Certificates.Clear());
        yield return Case("Certificates:0: must not be null", static tls => tls.Certificates[0] = null!);
        yield return Case("Certificates:0:Certificate: must be the path of a file", static tls => tls.Certificates[0].Certificate = "");
        yield return Case("Certificates:0:Certificate: must be the path of a file", static tls => tls.Certificates[0].Certificate = null!);
        yield return Case("Certificates:0:Certificate: must be the path of a file", static tls => tls.Certificates[0].Certificate = "a\0b");
        yield return Case("Certificates:0:Key: must be the path of a file", static tls => tls.Certificates[0].Key = "");
        yield return Case("Certificates:0:PasswordFile: must be the path of a file", static tls => tls.Certificates[0].PasswordFile = "");
        yield return Case(
            "ClientCa: must name a file: clients are asked for a certificate", static tls => tls.ClientCertificates = ClientCertificateMode.Optional);
        yield return Case("ClientCa: must be the path of a file", static tls => tls.ClientCa = "");
        yield return Case(
            "ClientCertificates: must be one of None, Optional, Required",
            static tls => (tls.ClientCertificates, tls.ClientCa) = ((ClientCertificateMode)3, "a"));
        yield return Case("MinimumVersion: must be one of Tls12, Tls13", static tls => tls.MinimumVersion = (TlsVersion)2);
        yield return Case("OnTruncation: must be one of Tolerate, Reset", static tls => tls.OnTruncation = (TruncationAction)2);
        yield return Case("UnknownName: must be one of Default, Reject", static tls => tls.UnknownName = (UnknownNameAction)(-1));
        yield return Case(
            "HandshakeTimeout: must be more than zero, and at most 365 days", static tls => tls.HandshakeTimeout = TimeSpan.Zero);
        yield return Case(
            "HandshakeTimeout: must be more than zero, and at most 365 days", static tls => tls.HandshakeTimeout = TimeSpan.FromDays(366));
        yield return Case(
            "Alpn:0: '' is no application protocol: write one as in h2, http/1.1 or postgresql", static tls => tls.Alpn.Add(""));
        yield return Case("Alpn:0: 'h 2' is no application protocol: write one as in h2, http/1.1 or postgresql", static tls => tls.Alpn.Add("h 2"));
        yield return Case("Alpn:0: 'é' is no application protocol: write one as in h2, http/1.1 or postgresql", static tls => tls.Alpn.Add("é"));
        yield return Case("Alpn:1: 'h2' is in the list already", static tls => Add(tls.Alpn, "h2", "h2"));
        yield return Case(
            "Alpn: must have at most 32 protocols", static tls => Add(tls.Alpn, [.. Enumerable.Range(0, 33).Select(static i => $"p{i}")]));
    }

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_is_told_with_its_place(string line, Action<ListenTlsOptions> change)
    {
        ListenTlsOptions options = Tls();
        change(options);

        Assert.That(() => SettingsOf(options), Throws.ArgumentException.With.Message.EqualTo(Path + line));
    }

    [Test]
    public void A_protocol_has_at_most_255_bytes()
    {
        ListenTlsOptions options = Tls();
        options.Alpn.Add(new string('x', 255));
        Assert.That(SettingsOf(options).Alpn, Has.Count.EqualTo(1));

        options.Alpn[0] += "x";
        Assert.That(() => SettingsOf(options), Throws.ArgumentException.With.Message.Contains("Alpn:0: 'xxx"));
    }

    private static TestCaseData Case(string line, Action<ListenTlsOptions> change) => new TestCaseData(line, change).SetArgDisplayNames(line);

    private static void Add(IList<string> list, params string[] items) => Array.ForEach(items, list.Add);

    private static string Full(string path) => System.IO.Path.GetFullPath(path);

    private static ListenTlsOptions Tls() => new() { Certificates = { new CertificateOptions { Certificate = "a.pem" } } };

    private static ListenTlsSettings SettingsOf(ListenTlsOptions tls) => OptionsReader.Read(new TcpProxyOptions
    {
        Routes = { new RouteOptions { Listen = { new ListenOptions("8443") { Tls = tls } }, Upstreams = { new UpstreamOptions { Address = "1" } } } },
    }).Settings.Routes[0].Listen[0].Tls!;
}
