using Microsoft.Extensions.Logging;
using ProxyCore.Hosting;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Hosting;

/// <summary>What a new configuration changes, as the log tells it.</summary>
internal sealed class ReloadReportTests
{
    [Test]
    public void Nothing_is_told_when_nothing_has_changed() => Assert.That(Report(static _ => { }), Is.Empty);

    [Test]
    public void A_route_has_one_line_with_its_upstreams_and_values()
    {
        string[] lines = Report(static options =>
        {
            RouteOptions web = options.Routes[0];
            web.ConnectTimeout = TimeSpan.FromSeconds(2);
            web.MaxConnections = 100;
            web.Listen.Add("*:81");
            web.Upstreams.RemoveAt(1);
            web.Upstreams[0].Weight = 3;
            web.Upstreams.Add(new UpstreamOptions { Address = "10.0.0.3:80" });
        });

        Assert.That(lines, Is.EqualTo(
            ["Route web: listener *:81 added, upstream 10.0.0.1:80 Weight 1 → 3, upstream 10.0.0.3:80 added, upstream 10.0.0.2:80 removed, ConnectTimeout 5s → 2s, MaxConnections none → 100"]));
    }

    [Test]
    public void Routes_come_and_go()
    {
        string[] lines = Report(static options =>
        {
            options.Routes.RemoveAt(1);
            options.Routes.Add(new RouteOptions { Name = "new", Listen = { "90", "91" }, Upstreams = { new UpstreamOptions { Address = "10.0.0.9:90" } } });
        });

        Assert.That(lines, Is.EqualTo(["Route new: added, 90, 91 to 10.0.0.9:90", "Route mail: removed"]));
    }

    [Test]
    public void A_renamed_route_is_known_by_its_endpoint() =>
        Assert.That(Report(static options => options.Routes[0].Name = "shop"), Is.EqualTo(["Route shop: Name web → shop"]));

    [Test]
    public void Routes_without_names_are_known_by_their_endpoints_whatever_their_place()
    {
        var before = new TcpProxyOptions { Routes = { Unnamed("1"), Unnamed("2") } };
        TcpProxyOptions after = before.Copy();
        after.Routes.Insert(0, Unnamed("3"));
        after.Routes[2].NoDelay = false;

        Assert.That(Report(before, after), Is.EqualTo(["Route route1: added, 3 to 10.0.0.1:80", "Route route3: NoDelay true → false"]));
    }

    [Test]
    public void Objects_below_a_route_are_told_with_their_path()
    {
        string[] lines = Report(static options =>
        {
            options.Routes[0].HealthCheck!.Interval = TimeSpan.FromSeconds(1);
            options.Routes[1].Bandwidth = new BandwidthOptions { ToClient = 1 << 20 };
            options.Routes[1].Toxics.Add(new LatencyToxic { Latency = TimeSpan.FromSeconds(1) });
        });

        Assert.That(lines, Is.EqualTo(["Route web: HealthCheck:Interval 5s → 1s", "Route mail: Bandwidth added, toxic latency_downstream added"]));
    }

    [Test]
    public void What_a_health_check_sends_is_not_shown_because_it_may_have_a_password()
    {
        string line = Report(static options => options.Routes[0].HealthCheck!.Send = "AUTH new-secret\r\n").Single();

        Assert.That(line, Is.EqualTo("Route web: HealthCheck:Send changed"));
    }

    [Test]
    public void A_few_values_of_a_list_are_named_and_many_are_counted()
    {
        string[] lines = Report(static options =>
        {
            options.Access = new AccessOptions();
            options.Routes[0].Access!.Deny.Add("192.0.2.7");
            for (int i = 0; i < 30; i++)
            {
                options.Routes[1].ServerNames.Add($"name{i}.example");
            }
        });

        Assert.That(lines, Is.EqualTo(["Proxy: Access added", "Route web: Access:Deny 192.0.2.7 added", "Route mail: ServerNames: 30 added, 0 removed"]));
    }

    [Test]
    public void The_proxy_has_a_line_of_its_own() => Assert.That(
        Report(static options => options.DrainTimeout = TimeSpan.FromMinutes(1)), Is.EqualTo(["Proxy: DrainTimeout 30s → 1m"]));

    [Test]
    public void A_thousand_changed_routes_are_twenty_one_lines()
    {
        var before = new TcpProxyOptions();
        for (int i = 1; i <= 1000; i++)
        {
            before.Routes.Add(Unnamed($"{i}"));
        }

        TcpProxyOptions after = before.Copy();
        foreach (RouteOptions route in after.Routes)
        {
            route.NoDelay = false;
        }

        string[] lines = Report(before, after);

        Assert.That(lines, Has.Length.EqualTo(21));
        Assert.That(lines[^1], Is.EqualTo("980 more routes were changed, added or removed"));
    }

    [Test]
    public void A_line_has_ten_changes_and_counts_the_others()
    {
        string line = Report(static options =>
        {
            for (int i = 0; i < 50; i++)
            {
                options.Routes[0].Upstreams.Add(new UpstreamOptions { Address = $"10.0.1.{i}:80" });
            }
        }).Single();

        Assert.That(line, Does.EndWith("upstream 10.0.1.9:80 added and 40 more changes"));
    }

    [Test]
    public void Names_can_not_command_a_terminal() => Assert.That(
        Report(static options => options.Routes[1].Name = "\e[2J").Single(), Is.EqualTo("Route ?[2J: Name mail → ?[2J"));

    private static RouteOptions Unnamed(string listen) =>
        new() { Listen = { listen }, Upstreams = { new UpstreamOptions { Address = "10.0.0.1:80" } } };

    private static string[] Report(Action<TcpProxyOptions> change)
    {
        var before = new TcpProxyOptions
        {
            Routes =
            {
                new RouteOptions
                {
                    Name = "web",
                    Listen = { "*:80" },
                    Upstreams = { new UpstreamOptions { Address = "10.0.0.1:80" }, new UpstreamOptions { Address = "10.0.0.2:80" } },
                    HealthCheck = new HealthCheckOptions { Send = "AUTH secret\r\n", Expect = "+OK" },
                    Access = new AccessOptions { Deny = { "192.0.2.1" } },
                },
                new RouteOptions { Name = "mail", Listen = { "*:25" }, Upstreams = { new UpstreamOptions { Address = "10.0.0.1:25" } } },
            },
        };
        TcpProxyOptions after = before.Copy();
        change(after);
        return Report(before, after);
    }

    private static string[] Report(TcpProxyOptions before, TcpProxyOptions after)
    {
        var log = new RecordedLog(LogLevel.Information);
        ReloadReport.Log(log.CreateLogger("ProxyCore"), before, after);
        return [.. log.Entries.Select(static entry => entry.Text)];
    }
}
