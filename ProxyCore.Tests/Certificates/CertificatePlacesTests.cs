using ProxyCore.Certificates;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Certificates;

/// <summary>Every file of the settings is found, with the place in the options.</summary>
internal sealed class CertificatePlacesTests
{
    private static readonly ListenTlsSettings _ends = new(
        [new("/a", "/a.key", null), new("/b", null, "/b.password")],
        new ClientCertificateSettings(ClientCertificateMode.Optional, "/listen.ca"),
        [],
        TlsVersion.Tls12,
        TimeSpan.FromSeconds(10),
        TruncationAction.Tolerate,
        UnknownNameAction.Default);

    private static readonly UpstreamTlsSettings _begins = new(
        "a.example", null, true, "/upstream.ca", new CertificateSettings("/client", null, null), [], false, TlsVersion.Tls12, default, default);

    [Test]
    public void Files_of_listeners_routes_and_upstreams_are_found()
    {
        ProxySettings settings = With("/route.ca", _ends, _begins);

        Assert.That(CertificatePlaces.PairsOf(settings).Select(static one => $"{one.Path} {one.Settings.CertificatePath}"), Is.EqualTo(
        [
            "Routes:1:Listen:1:Tls:Certificates:0 /a",
            "Routes:1:Listen:1:Tls:Certificates:1 /b",
            "Routes:1:Upstreams:1:Tls:Certificate /client",
        ]));
        Assert.That(CertificatePlaces.AuthoritiesOf(settings).Select(static one => $"{one.Path} {one.CaPath}"), Is.EqualTo(
        [
            "Routes:1:Listen:1:Tls:ClientCa /listen.ca",
            "Routes:1:ClientCa /route.ca",
            "Routes:1:Upstreams:1:Tls:Ca /upstream.ca",
        ]));
    }

    [Test]
    public void A_file_that_a_route_has_from_its_listener_has_one_place() =>
        Assert.That(CertificatePlaces.AuthoritiesOf(With("/listen.ca", _ends, null)).Select(static one => one.Path), Is.EqualTo(["Routes:1:Listen:1:Tls:ClientCa"]));

    [Test]
    public void Without_TLS_there_is_none()
    {
        ProxySettings settings = With(null, null, null);

        Assert.That(CertificatePlaces.PairsOf(settings), Is.Empty);
        Assert.That(CertificatePlaces.AuthoritiesOf(settings), Is.Empty);
    }

    private static ProxySettings With(string? routeCa, ListenTlsSettings? listen, UpstreamTlsSettings? upstream)
    {
        ProxySettings plain = OptionsReader.Read(new TcpProxyOptions
        {
            Routes = { Route("8080", "8081"), Route("8082", "8083") },
        }).Settings;
        RouteSettings route = plain.Routes[1];
        RouteSettings changed = route with
        {
            Listen = [route.Listen[0], route.Listen[1] with { Tls = listen }],
            ClientCertificates = routeCa is null ? null : new ClientCertificateSettings(ClientCertificateMode.Required, routeCa),
            Pool = route.Pool with { Upstreams = [route.Pool.Upstreams[0], route.Pool.Upstreams[1] with { Tls = upstream }] },
        };
        return plain with { Routes = [plain.Routes[0], changed] };
    }

    private static RouteOptions Route(string one, string other) => new()
    {
        Listen = { one, other },
        Upstreams = { new UpstreamOptions { Address = "3000" }, new UpstreamOptions { Address = "3001" } },
    };
}
