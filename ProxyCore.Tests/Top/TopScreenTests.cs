using ProxyCore.Cli.Admin;
using ProxyCore.Cli.Top;

namespace ProxyCore.Tests.Top;

/// <summary>What <c>proxycore top</c> shows.</summary>
internal sealed class TopScreenTests
{
    private static readonly Rates _rates = new(12.5, 1_500_000, 20, new Dictionary<int, double> { [1] = 0.254 });

    [Test]
    public void Head_tells_of_the_proxy_as_a_whole() => Assert.That(
        Draw(Views.Proxy(uptime: 192, accepted: 3))[0],
        Is.EqualTo("proxycore 1.2.3   Running   up 3 m 12 s   3 of 500 connections   12.5/s new   1.50 MB/s to upstreams   20 B/s to clients"));

    [Test]
    public void Head_says_that_nothing_is_wrong() => Assert.That(Draw(Views.Proxy())[1], Is.EqualTo("No trouble"));

    [Test]
    public void Head_says_what_is_wrong_the_worst_first()
    {
        var rates = new Rates(0, 0, 0, new Dictionary<int, double>()) { Ended = new Dictionary<string, double> { ["NoUpstream"] = 3, ["ClientFin"] = 9, ["AccessDenied"] = 7 } };
        SnapshotView shown = Views.Proxy(routes:
        [
            Views.Route("good", Views.Upstream("10.0.0.1:80", "Up")),
            Views.Route("bad", Views.Upstream("10.0.0.2:80", "Down"), Views.Upstream("10.0.0.3:80", "Up", administration: "Drain")),
        ]);

        string[] lines = Text(new TopScreen(shown, rates, failure: null).Draw(new TopState(), 200, 20));

        Assert.That(
            lines[1],
            Is.EqualTo("1 of 2 routes without an upstream   1 of 3 upstreams down   14 clients queued   3.00/s refused for want of an upstream   1 upstreams taken out by hand"));
    }

    [Test]
    public void Routes_have_their_upstreams_below_them()
    {
        string[] lines = Draw(Views.Proxy(routes: [Views.Route("web", Views.Upstream("10.0.0.1:80", "Up", most: 9), Views.Upstream("10.0.0.2:80", "Up"))]));

        Assert.That(Words(lines[4]), Is.EqualTo("web 127.0.0.1:8080 2 of 2 up 3 7 20 1.50 kB 2.50 MB RoundRobin"));
        Assert.That(Words(lines[5]), Is.EqualTo("10.0.0.1:80 Up 3/9 2 17"));
        Assert.That(Words(lines[6]), Is.EqualTo("10.0.0.2:80 Up 3 2 17"));
    }

    [TestCase("Up", "Drain", "Up, drained")]
    [TestCase("Down", "Disabled", "Down, disabled")]
    public void Upstreams_that_an_operator_has_taken_out_are_marked(string state, string administration, string shown)
    {
        string[] lines = Draw(Views.Proxy(routes: [Views.Route("web", Views.Upstream("10.0.0.1:80", state, administration: administration))]));

        Assert.That(Words(lines[5]), Is.EqualTo($"10.0.0.1:80 {shown} 3 2 17"));
    }

    [Test]
    public void Routes_and_upstreams_in_trouble_come_first()
    {
        string[] lines = Draw(Views.Proxy(routes:
        [
            Views.Route("good", Views.Upstream("10.0.1.1:80", "Up")).WithoutQueue(),
            Views.Route("half", Views.Upstream("10.0.2.1:80", "Up"), Views.Upstream("10.0.2.2:80", "Up", administration: "Drain"), Views.Upstream("10.0.2.3:80", "Out")),
            Views.Route("dead", Views.Upstream("10.0.3.1:80", "Down")),
        ]));

        Assert.That(
            lines[4..12].Select(static line => Words(line).Split(' ')[0]),
            Is.EqualTo(["dead", "10.0.3.1:80", "half", "10.0.2.3:80", "10.0.2.2:80", "10.0.2.1:80", "good", "10.0.1.1:80"]));
    }

    [Test]
    public void What_works_can_be_left_out()
    {
        string[] lines = Draw(
            Views.Proxy(routes: [Views.Route("good", Views.Upstream("10.0.1.1:80", "Up")).WithoutQueue(), Views.Route("dead", Views.Upstream("10.0.3.1:80", "Down"), Views.Upstream("10.0.3.2:80", "Up"))]),
            keys: "t");

        Assert.That(string.Join('\n', lines), Does.Contain("dead").And.Contain("10.0.3.1:80").And.Not.Contain("good").And.Not.Contain("10.0.3.2:80"));
    }

    [Test]
    public void Loops_and_ends_have_views_of_their_own()
    {
        SnapshotView shown = Views.Proxy(ended: new Dictionary<string, long> { ["ClientFin"] = 5, ["UpstreamReset"] = 0, ["IdleTimeout"] = 9 });

        Assert.That(Draw(shown, keys: "3").Select(Words), Does.Contain("1 25 % 6.25 ms 2 4 5"));
        Assert.That(Draw(shown, keys: "4").Select(Words).Skip(4).Take(2), Is.EqualTo(["IdleTimeout 0.00/s 9", "ClientFin 0.00/s 5"]));
    }

    [Test]
    public void Toxics_and_certificates_have_views_where_there_are_any()
    {
        var toxic = new ToxicView("web", "slow", "latency", "downstream", 1, "latency 300 ms", Enabled: true, Connections: 4, EndedConnections: 0);
        SnapshotView shown = Views.Proxy(routes: [Views.Route("web", Views.Upstream("10.0.0.1:80", "Up")) with { Toxics = [toxic] }]) with
        {
            Certificates = [new CertificateView("web.pem", "CN=web", ["web.example"], "1", LeftSeconds: 3 * 86400, Error: null)],
        };

        Assert.That(Words(Draw(Views.Proxy())[2]), Is.EqualTo("[1 Routes] 2 Connections 3 Loops 4 Ended"));
        Assert.That(Words(Draw(shown)[2]), Is.EqualTo("[1 Routes] 2 Connections 3 Loops 4 Ended 5 Toxics 6 Certificates"));
        Assert.That(Draw(shown, keys: "5").Select(Words), Does.Contain("slow web on 4 0 latency 300 ms"));
        Assert.That(Draw(shown, keys: "6").Select(Words), Does.Contain("web.pem 3 d 0 h web.example"));
        Assert.That(Words(Draw(shown)[1]), Is.EqualTo("7 clients queued 1 certificates to renew"));
    }

    [TestCase("2", "3 1 2")]
    [TestCase("2s", "1 2 3")]
    [TestCase("2ss", "3 1 2")]
    public void Connections_are_sorted_as_asked(string keys, string expected)
    {
        string[] lines = Draw(Views.Proxy(connections: [Views.Connection(2, 0), Views.Connection(1, 5), Views.Connection(3, 90)]), keys: keys);

        Assert.That(string.Join(' ', lines[4..7].Select(static line => Words(line)[0])), Is.EqualTo(expected));
        Assert.That(lines.Select(Words), Does.Contain("3 web 192.0.2.1:1234 10.0.0.1:80 relaying 3 m 12 s 999 B 1.00 kB 90 B/s"));
    }

    [Test]
    public void Rows_are_scrolled_by_line_and_page_within_their_bounds()
    {
        SnapshotView many = Views.Proxy(connections: [.. Enumerable.Range(1, 100).Select(static id => Views.Connection(id, 0))]);

        Assert.That(FirstConnection(many, "2"), Is.EqualTo("1"));
        Assert.That(FirstConnection(many, "2jjk"), Is.EqualTo("2"));
        Assert.That(FirstConnection(many, "2 "), Is.EqualTo("16"), "15 rows have room on 20 lines");
        Assert.That(FirstConnection(many, "2          "), Is.EqualTo("86"), "the last page");
        Assert.That(FirstConnection(many, "2kk"), Is.EqualTo("1"));
        Assert.That(Draw(many, height: 20, keys: "2 ")[^1], Does.EndWith("16-30/100"));
    }

    [TestCase(60, 20)]
    [TestCase(60, 24)]
    [TestCase(80, 24)]
    [TestCase(200, 60)]
    [TestCase(20, 8)]
    public void In_every_terminal_all_lines_fit_and_the_last_one_has_the_keys(int width, int height)
    {
        SnapshotView shown = Views.Crowd(routes: 20, upstreams: 10, connections: 100);
        for (int view = 1; view <= 4; view++)
        {
            var state = new TopState();
            var screen = new TopScreen(shown, _rates, failure: null);
            Press(state, screen, $"{view}");

            IReadOnlyList<ScreenLine> lines = screen.Draw(state, width, height);

            Assert.That(lines, Has.Count.EqualTo(height), $"view {view}");
            Assert.That(lines.Select(static line => line.Width), Has.All.LessThanOrEqualTo(width), $"view {view}");
            Assert.That(lines[^1].ToString(), Does.StartWith("q quit  1-4 view"), $"view {view}");
        }
    }

    [TestCase(60)]
    [TestCase(80)]
    public void In_a_narrow_terminal_the_upstreams_state_and_its_open_connections_are_still_there(int width)
    {
        string[] lines = Draw(Views.Crowd(routes: 20, upstreams: 10, connections: 100), height: 24, width: width);

        Assert.That(lines.Select(Words), Has.Some.Match(@"^10\.0\.\d+\.\d+:5432 Down \d+"));
        Assert.That(lines.Count(static line => line.Contains(":5432", StringComparison.Ordinal)), Is.GreaterThan(8), "most lines are rows");
    }

    [TestCase(60, "1 192.0.2.1:1234 10.0.0.1:80 3 m 12 s 0 B/s")]
    [TestCase(80, "1 192.0.2.1:1234 10.0.0.1:80 relaying 3 m 12 s 999 B 1.00 kB 0 B/s")]
    [TestCase(120, "1 web 192.0.2.1:1234 10.0.0.1:80 relaying 3 m 12 s 999 B 1.00 kB 0 B/s")]
    public void Columns_that_do_not_fit_are_left_out_and_addresses_stay_whole(int width, string expected)
    {
        SnapshotView many = Views.Proxy(connections: [.. Enumerable.Range(1, 100).Select(static id => Views.Connection(id, 0))]);

        Assert.That(Draw(many, height: 24, width: width, keys: "2").Select(Words), Does.Contain(expected));
    }

    [Test]
    public void Wide_characters_count_for_two_columns()
    {
        string[] lines = Draw(Views.Proxy(routes: [Views.Route(new string('路', 60), Views.Upstream("10.0.0.1:80", "Up"))]), width: 60);

        Assert.That(lines, Has.Some.Match("^路路路.*….* 1 of 1 up"));
    }

    [Test]
    public void What_others_have_written_is_neither_obeyed_nor_taken_for_markup()
    {
        string[] lines = Draw(Views.Proxy(routes: [Views.Route("[red]\e[2J\nx")]));

        Assert.That(lines[4], Does.StartWith(@"[red]\u{1B}[2J\nx "));
        Assert.That(string.Concat(lines), Does.Not.Contain('\e'));
    }

    [Test]
    public void Page_that_is_away_is_told_in_the_place_of_trouble() =>
        Assert.That(Draw(Views.Proxy(), failure: "no answer")[1], Is.EqualTo("no answer; trying again"));

    [Test]
    public void Shades_are_colours_of_a_terminal() => Assert.That(
        new ScreenLine(new Piece("bad", Shade.Bad), " plain").ToTerminal(hasColours: true), Is.EqualTo("\e[31mbad\e[0m plain"));

    [Test]
    public void Without_a_screen_all_views_follow_each_other()
    {
        SnapshotView shown = Views.Proxy(
            routes: [Views.Route("web", Views.Upstream("10.0.0.1:80", "Up"))],
            connections: [Views.Connection(1, 0)],
            ended: new Dictionary<string, long> { ["ClientFin"] = 5 });

        string[] lines = Text(new TopScreen(shown, _rates, failure: null).All(140, ConnectionOrder.Busiest));

        Assert.That(
            lines.Zip(lines.Skip(1)).Where(static pair => pair.First.Length == 0).Select(static pair => pair.Second.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]),
            Is.EqualTo(["ROUTE", "ID", "LOOP", "ENDED"]));
        Assert.That(lines, Has.None.Contains("q quit"));
    }

    private static string FirstConnection(SnapshotView shown, string keys) => Words(Draw(shown, height: 20, keys: keys)[4]).Split(' ')[0];

    private static string Words(string line) => string.Join(' ', line.Split([' ', '\u00A0'], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The lines after keys were pressed, each on a screen that was drawn.</summary>
    private static string[] Draw(SnapshotView shown, string keys = "", int width = 160, int height = 40, string? failure = null)
    {
        var state = new TopState();
        var screen = new TopScreen(shown, _rates, failure);
        screen.Draw(state, width, height);
        foreach (char key in keys)
        {
            Press(state, screen, $"{key}");
            screen.Draw(state, width, height);
        }

        return Text(screen.Draw(state, width, height));
    }

    private static void Press(TopState state, TopScreen screen, string keys)
    {
        foreach (char key in keys)
        {
            state.Handle(new ConsoleKeyInfo(key, key == ' ' ? ConsoleKey.Spacebar : (ConsoleKey)char.ToUpperInvariant(key), false, false, false), screen.Views);
        }
    }

    private static string[] Text(IEnumerable<ScreenLine> lines) => [.. lines.Select(static line => line.ToString().Replace('\u00A0', ' '))];
}
