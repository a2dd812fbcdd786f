using ProxyCore.Cli.Admin;
using ProxyCore.Cli.Top;
using Spectre.Console;

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
    public void Routes_have_their_upstreams_below_them()
    {
        string[] lines = Draw(Views.Proxy(routes: [Views.Route("web", Views.Upstream("10.0.0.1:80", "Up", most: 9), Views.Upstream("10.0.0.2:80", "Down"))]));

        Assert.That(Words(lines[3]), Is.EqualTo("web 127.0.0.1:8080 RoundRobin 3 20 7 1.50 kB 2.50 MB"));
        Assert.That(Words(lines[4]), Is.EqualTo("10.0.0.1:80 Up 3/9 17 2"));
        Assert.That(Words(lines[5]), Is.EqualTo("10.0.0.2:80 Down 3 17 2"));
    }

    [TestCase("Up", "Drain", "Up, drained")]
    [TestCase("Down", "Disabled", "Down, disabled")]
    public void Upstreams_that_an_operator_has_taken_out_are_marked(string state, string administration, string shown)
    {
        string[] lines = Draw(Views.Proxy(routes: [Views.Route("web", Views.Upstream("10.0.0.1:80", state, administration: administration))]));

        Assert.That(Words(lines[4]), Is.EqualTo($"10.0.0.1:80 {shown} 3 17 2"));
    }

    [Test]
    public void Loops_and_ends_are_told()
    {
        string[] lines = Draw(Views.Proxy(ended: new Dictionary<string, long> { ["ClientFin"] = 5, ["UpstreamReset"] = 0, ["IdleTimeout"] = 9 }));

        Assert.That(lines.Select(Words), Does.Contain("1 25 % 6.25 ms 2 4 5"));
        Assert.That(lines, Does.Contain("ENDED  IdleTimeout 9   ClientFin 5"));
    }

    [TestCase("Busiest", "3 1 2")]
    [TestCase("Oldest", "1 2 3")]
    public void Connections_are_sorted_as_asked(string order, string expected)
    {
        string[] lines = Draw(
            Views.Proxy(connections: [Views.Connection(2, 0), Views.Connection(1, 5), Views.Connection(3, 90)]), Enum.Parse<ConnectionOrder>(order));

        Assert.That(string.Join(' ', lines[^3..].Select(static line => Words(line)[0])), Is.EqualTo(expected));
        Assert.That(lines.Select(Words), Does.Contain("3 web 192.0.2.1:1234 10.0.0.1:80 relaying 3 m 12 s 999 B 1.00 kB 90 B/s"));
    }

    [Test]
    public void Only_as_many_connections_are_shown_as_there_is_room_for()
    {
        SnapshotView many = Views.Proxy(connections: [.. Enumerable.Range(1, 100).Select(static id => Views.Connection(id, 0))]);

        Assert.That(Draw(many, height: 40), Has.Length.LessThanOrEqualTo(40).And.Length.GreaterThan(35));
    }

    [Test]
    public void In_a_narrow_terminal_addresses_are_whole_and_all_fits()
    {
        SnapshotView many = Views.Proxy(connections: [.. Enumerable.Range(1, 100).Select(static id => Views.Connection(id, 0))]);

        string[] lines = Draw(many, height: 24, width: 80);

        Assert.That(lines, Has.Length.LessThanOrEqualTo(24).And.Length.GreaterThan(19));
        Assert.That(lines[0], Does.StartWith("proxycore "));
        Assert.That(lines.Select(Words), Does.Contain("1 192.0.2.1:1234 10.0.0.1:80 3 m 12 s 999 B 1.00 kB 0 B/s"));
    }

    [Test]
    public void What_others_have_written_is_neither_obeyed_nor_taken_for_markup()
    {
        string[] lines = Draw(Views.Proxy(routes: [Views.Route("[red]\e[2J\nx")]));

        Assert.That(lines[3], Does.StartWith(@"[red]\u{1B}[2J\nx "));
        Assert.That(string.Concat(lines), Does.Not.Contain('\e'));
    }

    [Test]
    public void Page_that_is_away_is_told() =>
        Assert.That(Draw(Views.Proxy(), trouble: "no answer")[0], Is.EqualTo("no answer; trying again"));

    private static string Words(string line) => string.Join(' ', line.Split([' ', '\u00A0'], StringSplitOptions.RemoveEmptyEntries));

    private static string[] Draw(
        SnapshotView shown, ConnectionOrder order = ConnectionOrder.Busiest, int? height = null, string? trouble = null, int width = 160)
    {
        using var writer = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width;
        console.Write(TopScreen.Draw(shown, _rates, order, width, height, trouble));
        return [.. writer.ToString().TrimEnd().Split('\n').Select(static line => line.TrimEnd().Replace('\u00A0', ' '))];
    }
}
