using Microsoft.Extensions.Configuration;

namespace ProxyCore.Tests.Configuration;

/// <summary>Options of TLS are read from a file, and what can't be read is told with its place.</summary>
internal sealed class TlsConfigurationTests
{
    private const string Some = "\"Tls\": { \"Certificates\": [ { \"Certificate\": \"a\" } ], ";

    private const string Whole =
        """
        { "ProxyCore": { "TlsEngine": "sslstream", "Routes": [ {
            "Listen": [ { "Address": "8443", "Tls": {
                "Certificates": [ { "Certificate": "/c/a.pem", "Key": "/c/a.key", "PasswordFile": "/c/password" }, { "Certificate": "/c/b.p12" } ],
                "ClientCertificates": "optional", "ClientCa": "/c/ca.pem", "Alpn": ["h2", "http/1.1"], "MinimumVersion": "1.3",
                "HandshakeTimeout": "3s", "OnTruncation": "reset", "UnknownName": "Reject" } } ],
            "Upstreams": [
                { "Address": "db.example:5432", "Tls": {
                    "ServerName": "db.internal", "Ca": "/c/db.pem", "Verify": false, "Certificate": { "Certificate": "/c/client.pem", "Key": "/c/client.key" },
                    "Alpn": ["postgresql"], "MinimumVersion": "1.2", "StartTls": "Postgres", "OnTruncation": "Reset" } },
                { "Address": "3000", "Tls": { "Alpn": "CLIENT" } },
                { "Address": "3001", "Tls": { } },
                { "Address": "3002", "Tls": null } ],
            "Tls": "Terminate", "ClientCertificates": "required", "ClientCa": "/c/route.pem" } ] } }
        """;

    [Test]
    public void Every_key_is_read()
    {
        TcpProxyOptions options = FileText.OptionsOf(Whole);

        RouteOptions route = options.Routes[0];
        ListenTlsOptions listen = route.Listen[0].Tls!;
        Assert.That(options.TlsEngine, Is.EqualTo(TlsEngineKind.SslStream));
        Assert.That(
            listen.Certificates.Select(static one => (one.Certificate, one.Key, one.PasswordFile)),
            Is.EqualTo([("/c/a.pem", (string?)"/c/a.key", (string?)"/c/password"), ("/c/b.p12", null, null)]));
        Assert.That((listen.ClientCertificates, listen.ClientCa), Is.EqualTo((ClientCertificateMode.Optional, "/c/ca.pem")));
        Assert.That(listen.Alpn, Is.EqualTo(["h2", "http/1.1"]));
        Assert.That(
            (listen.MinimumVersion, listen.HandshakeTimeout, listen.OnTruncation, listen.UnknownName),
            Is.EqualTo((TlsVersion.Tls13, TimeSpan.FromSeconds(3), TruncationAction.Reset, UnknownNameAction.Reject)));
        Assert.That(
            (route.Tls, route.ClientCertificates, route.ClientCa),
            Is.EqualTo((RouteTlsMode.Terminate, (ClientCertificateMode?)ClientCertificateMode.Required, "/c/route.pem")));
    }

    [Test]
    public void Every_key_of_an_upstream_is_read()
    {
        IList<UpstreamOptions> upstreams = FileText.OptionsOf(Whole).Routes[0].Upstreams;

        UpstreamTlsOptions tls = upstreams[0].Tls!;
        Assert.That((tls.ServerName, tls.Ca, tls.Verify), Is.EqualTo(("db.internal", "/c/db.pem", false)));
        Assert.That((tls.Certificate!.Certificate, tls.Certificate.Key), Is.EqualTo(("/c/client.pem", "/c/client.key")));
        Assert.That(tls.Alpn, Is.EqualTo(["postgresql"]));
        Assert.That(
            (tls.MinimumVersion, tls.StartTls, tls.OnTruncation),
            Is.EqualTo((TlsVersion.Tls12, StartTlsMode.Postgres, TruncationAction.Reset)));
        Assert.That(upstreams[1].Tls!.Alpn, Is.EqualTo([UpstreamTlsOptions.ClientAlpn]));
        Assert.That((upstreams[2].Tls!.Verify, upstreams[2].Tls!.Alpn.Count, upstreams[3].Tls), Is.EqualTo((true, 0, (UpstreamTlsOptions?)null)));
    }

    [TestCase("\"Tls\": { }", "Routes:0:Listen:0:Tls:Certificates: at least one certificate is needed")]
    [TestCase("\"Tls\": true", "Routes:0:Listen:0:Tls: must have keys below it, not the value 'true'")]
    [TestCase("\"Tls\": { \"Certificates\": [] }", "Routes:0:Listen:0:Tls:Certificates: at least one certificate is needed")]
    [TestCase("\"Tls\": { \"Certificates\": \"a.pem\" }", "Routes:0:Listen:0:Tls:Certificates: must be a list, not 'a.pem'")]
    [TestCase("\"Tls\": { \"Certificates\": [ \"a.pem\" ] }", "Routes:0:Listen:0:Tls:Certificates:0: must have keys below it, not the value 'a.pem'")]
    [TestCase("\"Tls\": { \"Certificates\": [ null, { \"Certificate\": \"\" } ] }", "Routes:0:Listen:0:Tls:Certificates:0: must not be null", "Routes:0:Listen:0:Tls:Certificates:1:Certificate: must be the path of a file")]
    [TestCase("\"Tls\": { \"Certificates\": [ { \"Certificate\": \"a\", \"Password\": \"x\" } ] }", "Routes:0:Listen:0:Tls:Certificates:0:Password: unknown key")]
    [TestCase(Some + "\"MinimumVersion\": 1.3 }", "Routes:0:Listen:0:Tls:MinimumVersion: must be a text: write \"1.3\"")]
    [TestCase(Some + "\"MinimumVersion\": \"1.1\" }", "Routes:0:Listen:0:Tls:MinimumVersion: '1.1' is not one of 1.2, 1.3")]
    [TestCase(Some + "\"OnTruncation\": \"Ignore\" }", "Routes:0:Listen:0:Tls:OnTruncation: 'Ignore' is not one of Tolerate, Reset")]
    [TestCase(Some + "\"UnknownName\": null }", "Routes:0:Listen:0:Tls:UnknownName: must not be null")]
    [TestCase(Some + "\"Alpn\": [1, \"h2\", \"h2\"] }", "Routes:0:Listen:0:Tls:Alpn:0: must be a text: write \"1\"", "Routes:0:Listen:0:Tls:Alpn:2: 'h2' is in the list already")]
    [TestCase(Some + "\"Alpn\": \"Client\" }", "Routes:0:Listen:0:Tls:Alpn: must be a list, not 'Client'")]
    public void A_mistake_in_a_listener_is_told_with_its_place(string tls, params string[] lines) => Assert.That(
        FileText.ErrorsIn($$"""{ "ProxyCore": { "Routes": [ { "Listen": [ { "Address": "8443", {{tls}} } ], "Upstreams": [ { "Address": "1" } ] } ] } }"""),
        Is.EqualTo(lines));

    [TestCase("\"ServerName\": 5", "ServerName: must be a text: write \"5\"")]
    [TestCase("\"Verify\": \"no\"", "Verify: 'no' is neither true nor false")]
    [TestCase("\"Alpn\": \"h2\"", "Alpn: must be a list or Client, not 'h2'")]
    [TestCase("\"Alpn\": [\"h2\", \"Client\"]", "Alpn: must have Client alone, which stands for the protocol of the client")]
    [TestCase("\"StartTls\": \"Smtp\"", "StartTls: 'Smtp' is not one of None, Postgres")]
    [TestCase("\"Certificate\": \"a.pem\"", "Certificate: must have keys below it, not the value 'a.pem'")]
    [TestCase("\"Certificate\": { \"Key\": \"a.key\" }", "Certificate:Certificate: must be the path of a file")]
    public void A_mistake_in_an_upstream_is_told_with_its_place(string tls, string line) => Assert.That(
        FileText.ErrorsIn($$"""{ "ProxyCore": { "Routes": [ { "Listen": [ "8443" ], "Upstreams": [ { "Address": "1", "Tls": { {{tls}} } } ] } ] } }"""),
        Is.EqualTo([$"Routes:0:Upstreams:0:Tls:{line}"]));

    [Test]
    public void A_host_may_name_the_protocol_of_the_client_in_a_variable()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            KeyValuePair.Create("Routes:0:Listen:0", (string?)"8443"), KeyValuePair.Create("Routes:0:Upstreams:0:Address", (string?)"3000"),
            KeyValuePair.Create("Routes:0:Upstreams:0:Tls:Alpn", (string?)"Client"),
        ]).Build();
        var options = new TcpProxyOptions();

        Assert.That(configuration.ErrorsIn(options).Lines, Is.Empty);
        Assert.That(options.Routes[0].Upstreams[0].Tls!.Alpn, Is.EqualTo([UpstreamTlsOptions.ClientAlpn]));
    }
}
