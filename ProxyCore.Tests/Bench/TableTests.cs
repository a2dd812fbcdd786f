using System.Runtime.Versioning;
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
    public void A_comparison_has_a_row_for_each_contender_with_its_medians_and_ratios()
    {
        var scenario = new Scenario("busy-64", "64 connections", LoadKind.Requests, Busy: 64);
        Measurement[] runs =
        [
            Measured.Run(Contenders.Native, 1, 1100, processorTime: 9_000_000), Measured.Run(Contenders.HAProxyName, 1, 1000, processorTime: 10_000_000),
            Measured.Run(Contenders.Native, 2, 5, "another scenario"),
        ];

        string[] lines = Lines(ComparisonTables.Of(scenario, runs));

        Assert.That(lines, Has.Length.EqualTo(4));
        Assert.That(Cells(lines[0])[..6], Is.EqualTo(
            ["", "requests/s", "over HAProxy", "over direct", "processor µs/request", "over HAProxy"]));
        Assert.That(Cells(lines[2])[..6], Is.EqualTo([Contenders.HAProxyName, "1,000", "1.00×", "", "10.0", "1.00×"]));
        Assert.That(Cells(lines[3])[..6], Is.EqualTo([Contenders.Native, "1,100", "1.10×", "", "8.2", "0.82×"]));
    }

    [Test]
    public void Goals_tell_what_is_met_and_what_is_missed_and_leave_out_what_was_not_measured()
    {
        Measurement[] runs =
        [
            Measured.Run(Contenders.Native, 1, 1000, processorTime: 9_000_000), Measured.Run(Contenders.HAProxyName, 1, 1000, processorTime: 10_000_000),
        ];

        IEnumerable<string> rows = Lines(ComparisonTables.OfGoals(runs)).Skip(2).Select(static row => string.Join('|', Cells(row)));

        Assert.That(rows, Is.EqualTo(
        [
            "busy-64|processor µs/request|≤ 0.95×|0.90×|met",
            "busy-64|requests/s|≥ 1.05×|1.00×|missed",
        ]));
    }

    [Test]
    public void Goals_of_the_figure_itself_have_no_ratio_and_those_of_SslStream_say_so()
    {
        Measurement Idle(string contender, long growth) =>
            new(TlsScenarios.Idle, contender, 1, new LoadResult(0, 0, 1, 0, 0, 0, Handshakes: 400), 0, 0, 400 * growth, 0);
        Measurement[] runs = [Idle(Contenders.Native, 16_000), Idle(Contenders.NativeSslStream, 71_000)];

        IEnumerable<string> rows = Lines(ComparisonTables.OfGoals(runs)).Skip(2).Select(static row => string.Join('|', Cells(row)));

        Assert.That(rows, Is.EqualTo(
        [
            "tls-idle|KB/connection|≤ 17.0|16.0|met",
            "tls-idle, SslStream|KB/connection|≤ 70.0|71.0|missed",
        ]));
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Cells(string line) => [.. line.Split('|')[1..^1].Select(static cell => cell.Trim())];
}
