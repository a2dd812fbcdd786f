using System.Runtime.Versioning;
using ProxyCore.Bench.Calls;
using ProxyCore.Bench.Comparing;
using ProxyCore.Bench.Load;
using ProxyCore.Bench.Peers;
using ProxyCore.Bench.Reporting;

namespace ProxyCore.Tests.Bench;

[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class TableTests
{
    [Test]
    public void Render_aligns_names_left_and_figures_right()
    {
        string table = Table.Render(["", "MB/s"], [["direct", "5"], ["socat", "12345"]]);

        Assert.That(Lines(table), Is.EqualTo(
        [
            "|        |  MB/s |",
            "| ------ | ----: |",
            "| direct |     5 |",
            "| socat  | 12345 |",
        ]));
    }

    [Test]
    public void Render_aligns_texts_at_the_end_left()
    {
        string table = Table.Render(["call", "n", "why"], [["close", "2.0", "the end"]], texts: 1);

        Assert.That(Lines(table), Is.EqualTo(
        [
            "| call  |   n | why     |",
            "| ----- | --: | ------- |",
            "| close | 2.0 | the end |",
        ]));
    }

    [Test]
    public void A_comparison_has_a_row_for_each_contender_with_its_medians_and_ratios()
    {
        var scenario = new Scenario("busy-64", "64 connections", LoadKind.Requests, Busy: 64);
        Measurement[] runs =
        [
            Measured.Run(Contenders.Native, 1, 1100, processorTime: 9_000_000), Measured.Run(HAProxies.Name, 1, 1000, processorTime: 10_000_000),
            Measured.Run(Contenders.Native, 2, 5, "another scenario"),
        ];

        string[] lines = Lines(ComparisonTables.Of(scenario, runs));

        Assert.That(lines, Has.Length.EqualTo(4));
        Assert.That(Cells(lines[0])[..5], Is.EqualTo(["", "requests/s", "over HAProxy", "processor µs/request", "over HAProxy"]));
        Assert.That(Cells(lines[2])[..5], Is.EqualTo([HAProxies.Name, "1,000", "1.00×", "10.0", "1.00×"]));
        Assert.That(Cells(lines[3])[..5], Is.EqualTo([Contenders.Native, "1,100", "1.10×", "8.2", "0.82×"]));
    }

    [Test]
    public void A_comparison_has_a_column_for_each_that_ratios_are_over_and_was_measured()
    {
        var scenario = new Scenario("busy-64", "64 connections", LoadKind.Requests, Busy: 64);
        Measurement[] runs =
        [
            Measured.Run(Contenders.Native, 1, 100, processorTime: 3), Measured.Run(OtherProxies.Limit, 1, 100, processorTime: 2),
            Measured.Run(Contenders.Direct.Name, 1, 200),
        ];

        string[] lines = Lines(ComparisonTables.Of(scenario, runs));

        Assert.That(Cells(lines[0])[..5], Is.EqualTo(["", "requests/s", "over direct", "processor µs/request", "over C relay"]));
        Assert.That(Cells(lines[3])[..5], Is.EqualTo([Contenders.Native, "100", "0.50×", "0.0", "1.50×"]));
    }

    [Test]
    public void Goals_tell_what_is_met_and_what_is_missed_and_leave_out_what_was_not_measured()
    {
        Measurement[] runs =
        [
            Measured.Run(Contenders.Native, 1, 1000, processorTime: 9_000_000), Measured.Run(HAProxies.Name, 1, 1000, processorTime: 10_000_000),
        ];
        CallCount[] calls =
        [
            new(Contenders.Native, "connection", new Dictionary<string, double> { ["close"] = 2, ["sendto"] = 16 }),
            new(HAProxies.Name, "connection", new Dictionary<string, double> { ["close"] = 2 }),
            new(Contenders.Native, "request", new Dictionary<string, double> { ["sendto"] = 2 }),
        ];

        IEnumerable<string> rows = Lines(ComparisonTables.OfGoals(runs, calls)).Skip(2).Select(static row => string.Join('|', Cells(row)));

        Assert.That(rows, Is.EqualTo(
        [
            "busy-64|requests/s|HAProxy|≥ 1.05×|1.00×|missed",
            "busy-64|processor µs/request|HAProxy|≤ 0.90×|0.90×|met",
            "connect|system calls/connection||≤ 17.0|18.0|missed",
        ]));
    }

    [Test]
    public void A_goal_with_a_part_of_direct_shows_both_bounds()
    {
        Measurement Bulk(string contender, long bytes) =>
            new("bulk-1", contender, 1, new LoadResult(0, bytes, 1, 0, 0, 0), 0, 0, 0);
        Measurement[] runs = [Bulk(Contenders.Native, 95), Bulk(HAProxies.Splice, 100), Bulk(Contenders.Direct.Name, 100)];

        IEnumerable<string> rows = Lines(ComparisonTables.OfGoals(runs, calls: null)).Skip(2).Select(static row => string.Join('|', Cells(row)));

        Assert.That(rows, Is.EqualTo(["bulk-1|MB/s|HAProxy splice|≥ 1.30×, or 0.90× direct|0.95×, 0.95× direct|met"]));
    }

    [Test]
    public void Goals_of_the_figure_itself_have_no_ratio_and_those_of_SslStream_say_so()
    {
        Measurement Idle(string contender, long growth) =>
            new(TlsScenarios.Idle, contender, 1, new LoadResult(0, 0, 1, 0, 0, 0, Handshakes: 400), 0, 0, 400 * growth, 0);
        Measurement[] runs = [Idle(Contenders.Native, 16_000), Idle(Contenders.NativeSslStream, 71_000)];

        IEnumerable<string> rows = Lines(ComparisonTables.OfGoals(runs, calls: null)).Skip(2).Select(static row => string.Join('|', Cells(row)));

        Assert.That(rows, Is.EqualTo(
        [
            "tls-idle|KB/connection||≤ 17.0|16.0|met",
            "tls-idle, SslStream|KB/connection||≤ 70.0|71.0|missed",
        ]));
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Cells(string line) => [.. line.Split('|')[1..^1].Select(static cell => cell.Trim())];
}
