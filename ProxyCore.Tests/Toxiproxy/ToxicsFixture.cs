using System.Net;

namespace ProxyCore.Tests.Toxiproxy;

/// <summary>A server with the proxy "a", whose toxics a test changes.</summary>
internal abstract class ToxicsFixture : ToxiproxyFixture
{
    protected const string Toxics = "/proxies/a/toxics";

    /// <summary>Where the proxy listens.</summary>
    protected IPEndPoint Listen { get; private set; } = null!;

    [SetUp]
    public async Task CreateProxy() => Listen = await Server.Create("a", Upstream.Endpoint);
}
