using ProxyCore.Cli;

namespace ProxyCore.Tests.Cli;

/// <summary>What the command refuses by itself is what the library would refuse, no more and no less.</summary>
internal sealed class LimitsTests
{
    [TestCase("8080")]
    [TestCase("*:0")]
    [TestCase("[::1]:0")]
    [TestCase("unix:/tmp/x")]
    [TestCase("name:1")]
    [TestCase("")]
    [TestCase("localhost")]
    public void An_endpoint_to_listen_on_is_refused_as_the_library_does(string text) =>
        Assert.That(Accepts(() => Endpoints.ParseListen(text)), Is.EqualTo(Accepts(() => Build(listen: text))));

    [TestCase("3000")]
    [TestCase("name:1")]
    [TestCase("unix:/tmp/x")]
    [TestCase("*:1")]
    [TestCase("0")]
    [TestCase("[::1]")]
    public void An_upstream_is_refused_as_the_library_does(string text) =>
        Assert.That(Accepts(() => Endpoints.ParseUpstream(text)), Is.EqualTo(Accepts(() => Build(upstream: text))));

    private static bool Accepts(Action parse)
    {
        try
        {
            parse();
            return true;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            return false;
        }
    }

    private static void Build(string listen = "8080", string upstream = "3000")
    {
        var route = new RouteOptions { Listen = { listen }, Upstreams = { new UpstreamOptions { Address = upstream } } };
        _ = new TcpProxy(new TcpProxyOptions { Routes = { route } });
    }
}
