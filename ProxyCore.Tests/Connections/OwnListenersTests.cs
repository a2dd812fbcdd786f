using Microsoft.Extensions.Logging;
using ProxyCore.Connections.Sockets;
using ProxyCore.Settings;
using ProxyCore.Tests.Cli;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Connections;

/// <summary>Upstreams that are listeners of the proxy itself.</summary>
internal sealed class OwnListenersTests
{
    [TestCase("8080", "8080")]
    [TestCase("8080", "127.0.0.1:8080")]
    [TestCase("8080", "[::1]:8080")]
    [TestCase("127.0.0.1:8080", "localhost:8080")]
    [TestCase("*:8080", "localhost:8080")]
    [TestCase("*:8080", "127.0.0.2:8080")]
    [TestCase("0.0.0.0:8080", "127.0.0.1:8080")]
    [TestCase("[::]:8080", "[::1]:8080")]
    [TestCase("8080", "0.0.0.0:8080")]
    [TestCase("8080", "[::]:8080")]
    [TestCase("unix:/tmp/a", "unix:/tmp/../tmp/a")]
    [TestCase("127.0.0.1:8080", "[::ffff:127.0.0.1]:8080")]
    [NotUnderWine(NotUnderWineAttribute.NoUnixSockets)]
    public void A_route_whose_upstream_is_its_listener_is_warned_of(string listen, string upstream) => Assert.That(
        Warnings(Route("web", listen, upstream)),
        Is.EqualTo([$"Route web: its upstream {upstream} is its own listener, so each client becomes a new client of the proxy"]));

    [TestCase("8080", "8081")]
    [TestCase("127.0.0.1:8080", "127.0.0.2:8080")]
    [TestCase("127.0.0.1:8080", "[::1]:8080")]
    [TestCase("*:8080", "192.0.2.1:8080")]
    [TestCase("*:8080", "other.example:8080")]
    [TestCase("0", "8080")]
    [TestCase("unix:/tmp/a", "unix:/tmp/b")]
    [NotUnderWine(NotUnderWineAttribute.NoUnixSockets)]
    public void Other_upstreams_are_not(string listen, string upstream) =>
        Assert.That(Warnings(Route("web", listen, upstream)), Is.Empty);

    [Test]
    public void Routes_in_a_circle_are_warned_of_and_a_chain_is_not()
    {
        Assert.That(Warnings(Route("one", "8081", "8082"), Route("two", "8082", "8083"), Route("three", "8083", "9000")), Is.Empty);
        Assert.That(
            Warnings(Route("one", "8081", "8082"), Route("two", "8082", "8081"), Route("before", "8080", "8081")),
            Is.EqualTo(
            [
                "Route one: its upstream 8082 is a listener of route two, which leads back to route one",
                "Route two: its upstream 8081 is a listener of route one, which leads back to route two",
            ]));
    }

    [Test]
    public void Warnings_have_a_bound() => Assert.That(
        Warnings([.. Enumerable.Range(1, 100).Select(static port => Route($"r{port}", $"{port}", $"{port}"))]), Has.Count.EqualTo(20));

    [Test]
    [NotUnderWine(NotUnderWineAttribute.NoUnixSockets)]
    public async Task The_start_warns_and_a_reload_does_not_repeat_it()
    {
        using var folder = new TemporaryFolder();
        var log = new RecordedLog(LogLevel.Information);
        string socket = $"unix:{Path.Combine(folder.FullName, "s")}";
        var options = new TcpProxyOptions { Routes = { Route("web", socket, socket) } };
        await using var proxy = new TcpProxy(options, log);

        await proxy.StartAsync();
        await proxy.ApplyAsync(options);

        Assert.That(log.TextsOf("UpstreamIsOwnListener"), Has.One.StartsWith("Route web: its upstream unix:"));
    }

    private static RouteOptions Route(string name, string listen, string upstream) =>
        new() { Name = name, Listen = { listen }, Upstreams = { new UpstreamOptions { Address = upstream } } };

    private static IReadOnlyList<string> Warnings(params RouteOptions[] routes)
    {
        var options = new TcpProxyOptions();
        Array.ForEach(routes, options.Routes.Add);
        return OwnListeners.Warnings(OptionsReader.Read(options).Settings);
    }
}
