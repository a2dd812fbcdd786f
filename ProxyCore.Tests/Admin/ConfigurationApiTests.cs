using System.Net;
using System.Text.Json;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Admin;

/// <summary>The running configuration, and the history, by the API.</summary>
internal sealed class ConfigurationApiTests
{
    [Test]
    public async Task Configuration_is_the_one_that_was_applied_last_without_secrets()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, static route => route.Name = "before");
        await using RunningAdmin admin = await RunningAdmin.WithToken(() => proxy.Proxy);
        TcpProxyOptions options = proxy.Proxy.GetOptions();
        options.Routes[0].Name = "after";
        options.Routes[0].HealthCheck = new HealthCheckOptions { Interval = TimeSpan.FromHours(1), Send = "AUTH kept-to-oneself\r\n" };
        await proxy.Proxy.ApplyAsync(options);

        using HttpResponseMessage response = await admin.Send(HttpMethod.Get, "/api/configuration", RunningAdmin.Token);
        string text = await response.Content.ReadAsStringAsync();

        using JsonDocument json = JsonDocument.Parse(text);
        JsonElement route = json.RootElement.GetProperty("ProxyCore").GetProperty("Routes")[0];
        Assert.That(route.GetProperty("Name").GetString(), Is.EqualTo("after"));
        Assert.That(route.GetProperty("HealthCheck").GetProperty("Interval").GetString(), Is.EqualTo("1h"));
        Assert.That(text, Does.Not.Contain("kept-to-oneself").And.Not.Contain(RunningAdmin.Token));
    }

    [TestCase("/api/configuration")]
    [TestCase("/api/history")]
    public async Task They_are_shown_to_those_who_know_the_token(string path)
    {
        await using RunningAdmin admin = await RunningAdmin.WithToken(static () => null);

        Assert.That(await admin.Status(HttpMethod.Get, path), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Before_the_start_there_is_a_history_and_no_configuration()
    {
        await using RunningAdmin admin = await RunningAdmin.WithoutToken(static () => null);

        Assert.That(await admin.Http.GetStringAsync("/api/history"), Does.StartWith("""{"stepSeconds":5,"time":[],"""));
        Assert.That(await admin.Status(HttpMethod.Get, "/api/configuration"), Is.EqualTo(HttpStatusCode.ServiceUnavailable));
    }
}
