using System.Net;
using System.Runtime.Versioning;
using ProxyCore.Bench.Chaos.Reckoning;
using ProxyCore.Bench.Chaos.Transfers;

namespace ProxyCore.Tests.Bench.Chaos;

[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class ReckoningTests
{
    private const string Metrics = """
        # TYPE proxycore_accepted_connections_total counter
        proxycore_accepted_connections_total{proxycore_route="a b"} 12
        proxycore_accepted_connections_total{proxycore_route="c } d"} 30 1700000000000
        proxycore_accepted_connections_total_more 5
        proxycore_access_log_dropped_total 7 1700000000000

        """;

    [TestCase("proxycore_accepted_connections_total", 42)]
    [TestCase("proxycore_access_log_dropped_total", 7)]
    [TestCase("proxycore_missing", 0)]
    public void A_metric_is_summed_over_its_tags(string metric, long sum) =>
        Assert.That(PrometheusText.Sum(Metrics, metric), Is.EqualTo(sum));

    [Test]
    public void A_line_of_the_access_log_is_read()
    {
        AccessLogLine line = AccessLogLine.Parse(
            """{"time":"t","id":3,"route":"r","client":"127.128.0.9:41","upstream":null,"reason":"NoUpstream","endedBy":"proxy","phase":"accepted","attempts":0,"bytesToUpstream":5,"bytesToClient":6}""");

        Assert.That(line.Client, Is.EqualTo(IPAddress.Parse("127.128.0.9")));
        Assert.That((line.Reason, line.Phase, line.Upstream), Is.EqualTo(("NoUpstream", "accepted", (string?)null)));
        Assert.That((line.BytesToUpstream, line.BytesToClient, line.IsOrderly), Is.EqualTo((5L, 6L, false)));
    }

    [Test]
    public void A_log_that_is_rotated_while_it_is_written_is_read_once_and_whole()
    {
        string folder = Directory.CreateTempSubdirectory("chaos-log-").FullName;
        try
        {
            var ledger = new Ledger();
            var logs = new AccessLogFolder(folder, ledger);
            File.WriteAllText(logs.Current, Line);
            logs.Rotate();
            File.AppendAllText(Directory.GetFiles(folder).Single(), Line);
            File.WriteAllText(logs.Current, $"{Line}no JSON\n");
            logs.Rotate();
            Assert.That(ledger.Lines, Is.EqualTo(2), "the first file, with what was added after it was renamed");

            logs.ReadAll();

            Assert.That((ledger.Lines, logs.Broken), Is.EqualTo((3, 1)));
            Assert.That(Directory.GetFiles(folder), Is.Empty);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void A_plan_is_read_from_its_header([Values] TransferKind kind)
    {
        var plan = new TransferPlan(5, kind, 1000, 2000, Rounds: 3, ServerPause: 4);

        Assert.That(TransferPlan.FromHeader(plan.ToHeader()), Is.EqualTo(plan));
    }

    [Test]
    public void A_header_that_is_cut_or_another_is_no_plan()
    {
        byte[] header = new TransferPlan(5, TransferKind.Requests, 1, 2).ToHeader();
        Assert.That(TransferPlan.FromHeader(header.AsSpan(0, 31)), Is.Null);

        header[0]++;

        Assert.That(TransferPlan.FromHeader(header), Is.Null);
    }

    [Test]
    public void A_check_says_what_was_expected_and_what_was_seen_and_a_report_counts_it()
    {
        var text = new StringWriter();
        var report = new Report(text);
        report.Add(Check.Equal("lines", 1000, 1000));
        report.Add(Check.AtMost("descriptors", 24, 25));
        report.Add(Check.AtLeast("transfers", 1, 0));

        Assert.That(text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(
        [
            "ok: lines: 1,000",
            "FAILED: descriptors: expected at most 24, saw 25",
            "FAILED: transfers: expected at least 1, saw 0",
        ]));
        Assert.That((report.Passed, report.Failed), Is.EqualTo((1, 2)));
    }

    private const string Line =
        """{"client":"127.128.0.9:41","upstream":null,"reason":"NoUpstream","phase":"accepted","bytesToUpstream":0,"bytesToClient":0}""" + "\n";
}
