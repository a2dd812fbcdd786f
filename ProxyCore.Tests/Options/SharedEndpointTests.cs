namespace ProxyCore.Tests.Options;

/// <summary>Routes share an endpoint when something tells them apart, and nothing is configured of it in two ways.</summary>
internal sealed class SharedEndpointTests
{
    [TestCase("a.example", "b.example")]
    [TestCase("a.example", "*.a.example")]
    [TestCase("a.example", "")]
    [TestCase("a.example", "a.example;h2")]
    [TestCase("", ";h2")]
    [TestCase("a.example;imap", "a.example;h2")]
    public void Names_or_protocols_tell_routes_apart(string one, string other) => Assert.That(ErrorOf(one, other), Is.Null);

    [TestCase("", "")]
    [TestCase("a.example", "b.example,a.example")]
    [TestCase("a.example", "A.EXAMPLE.")]
    [TestCase("*.a.example", "*.a.example")]
    [TestCase("a.example;h2", "a.example;imap,h2")]
    [TestCase(";h2", ";h2")]
    public void The_same_clients_are_a_mistake(string one, string other) => Assert.That(
        ErrorOf(one, other),
        Is.EqualTo("Routes:1:Listen:0: 'localhost:443' is listened on already, by Routes:0:Listen:0, for the same clients: ServerNames or Alpn must tell the routes apart"));

    [Test]
    public void Other_settings_of_the_same_endpoint_are_a_mistake() => Assert.That(
        ErrorOf("a.example", "b.example", static listen => listen.OnNoRoute = NoRouteAction.Close),
        Does.Contain("by Routes:0:Listen:0, with other settings"));

    [Test]
    public void Other_socket_options_of_its_routes_are_a_mistake() => Assert.That(
        ErrorOf("a.example", "b.example", route: static route => route.Backlog = 7),
        Does.Contain("by Routes:0:Listen:0, whose route has another Backlog, NoDelay or KeepAlive"));

    [TestCase("*:443", null)]
    [TestCase("127.0.0.1:443", null)]
    [TestCase("0.0.0.0:443", "'0.0.0.0:443' overlaps with 'localhost:443' of Routes:0:Listen:0, and neither is a part of the other")]
    public void An_endpoint_that_is_a_part_of_another_shares_with_it(string address, string? error) =>
        Assert.That(ErrorOf("a.example", "b.example", listen => listen.Address = address), error is null ? Is.Null : Does.EndWith(error));

    [Test]
    public void Of_overlapping_endpoints_the_same_clients_are_a_mistake() => Assert.That(
        ErrorOf("a.example", "a.example", static listen => listen.Address = "*:443"),
        Does.Contain("'*:443' overlaps with 'localhost:443' of Routes:0:Listen:0, for the same clients"));

    [TestCase("b example", "only letters")]
    [TestCase("*", "a * must be")]
    [TestCase("a.*.example", "a * must be")]
    [TestCase("192.0.2.7", "it is an IP address")]
    [TestCase("", "it is empty")]
    public void What_is_no_server_name_is_a_mistake(string name, string cause) =>
        Assert.That(ErrorOf("a.example", other: null, route: route => route.ServerNames.Add(name)), Does.StartWith("Routes:1:ServerNames:0: ").And.Contain(cause));

    private static string? ErrorOf(
        string one, string? other, Action<ListenOptions>? listen = null, Action<RouteOptions>? route = null)
    {
        RouteOptions first = RouteFor(one);
        RouteOptions second = RouteFor(other ?? "");
        second.Upstreams[0].Address = "3001";
        listen?.Invoke(second.Listen[0]);
        route?.Invoke(second);
        try
        {
            _ = new TcpProxy(new TcpProxyOptions { Routes = { first, second } });
            return null;
        }
        catch (ArgumentException exception)
        {
            return exception.Message.Split(Environment.NewLine)[0];
        }
    }

    /// <summary>Names, and behind a semicolon protocols.</summary>
    private static RouteOptions RouteFor(string clients)
    {
        var route = new RouteOptions { Listen = { "localhost:443" }, Upstreams = { new() { Address = "3000" } } };
        string[] parts = clients.Split(';');
        Array.ForEach(parts[0].Split(',', StringSplitOptions.RemoveEmptyEntries), route.ServerNames.Add);
        Array.ForEach(parts.ElementAtOrDefault(1)?.Split(',') ?? [], route.Alpn.Add);
        return route;
    }
}
