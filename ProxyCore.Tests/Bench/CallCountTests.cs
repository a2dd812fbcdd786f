using System.Runtime.Versioning;
using ProxyCore.Bench.Calls;
using ProxyCore.Bench.Peers;
using ProxyCore.Bench.Reporting;
using ProxyCore.Tests.Cli;

namespace ProxyCore.Tests.Bench;

[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class CallCountTests
{
    private static readonly CallCount[] _counts =
    [
        new(Contenders.Native, "connection", new Dictionary<string, double> { ["close"] = 2, ["accept4"] = 1, ["poll"] = 0.5, ["brk"] = 0.01 }),
        new(HAProxies.Name, "connection", new Dictionary<string, double> { ["accept4"] = 1, ["epoll_wait"] = 0.25, ["setsockopt"] = 2 }),
    ];

    [Test]
    public void Parse_reads_the_names_and_numbers_of_the_table_of_strace()
    {
        string[] lines =
        [
            "% time     seconds  usecs/call     calls    errors syscall",
            "------ ----------- ----------- --------- --------- ----------------",
            " 62.05    0.001234           5       240           sendto",
            " 37.95    0.000755           3       251        11 recvfrom",
            "------ ----------- ----------- --------- --------- ----------------",
            "100.00    0.001989           4       491        11 total",
        ];

        Assert.That(Strace.Parse(lines), Is.EquivalentTo(new Dictionary<string, long> { ["sendto"] = 240, ["recvfrom"] = 251 }));
    }

    [Test]
    public void Parse_of_a_process_that_made_no_calls_gives_none() => Assert.That(Strace.Parse([]), Is.Empty);

    [Test]
    public void Load_gives_back_what_was_saved()
    {
        using var folder = new TemporaryFolder();

        CallCount.Save(folder.FullName, _counts);

        IReadOnlyList<CallCount> loaded = CallCount.Load(folder.FullName)!;
        Assert.That(loaded.Select(static one => (one.Contender, one.Unit, one.Total)), Is.EqualTo(_counts.Select(static one => (one.Contender, one.Unit, one.Total))));
    }

    [Test]
    public void Load_where_nothing_was_counted_gives_null()
    {
        using var folder = new TemporaryFolder();

        Assert.That(CallCount.Load(folder.FullName), Is.Null);
    }

    [Test]
    public void The_table_has_the_calls_in_the_order_of_a_connection_then_the_waits_and_the_sums()
    {
        string[][] rows =
        [
            .. CallsSection.Of(_counts)!.Split('\n').Where(static line => line.StartsWith('|'))
                .Select(static line => (string[])[.. line.Split('|')[1..^1].Select(static cell => cell.Trim())]),
        ];

        Assert.That(rows[0][..3], Is.EqualTo(["call", Contenders.Native, HAProxies.Name]));
        Assert.That(rows[2..].Select(static row => string.Join('|', row[..3])), Is.EqualTo(
        [
            "accept4|1.0|1.0",
            "setsockopt|–|2.0",
            "close|2.0|–",
            "epoll_wait|–|0.3",
            "poll|0.5|–",
            "**in all**|**3.5**|**3.3**",
            "without the waits|3.0|3.0",
        ]));
    }
}
