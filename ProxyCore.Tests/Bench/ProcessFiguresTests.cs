using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using ProxyCore.Bench.Peers;

namespace ProxyCore.Tests.Bench;

[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class ProcessFiguresTests
{
    [Test]
    public void ResidentOf_reads_the_resident_size_in_bytes() =>
        Assert.That(ProcessFigures.ResidentOf(["Name:\tx", "VmSize:\t  9999 kB", "VmRSS:\t    7204 kB", "VmData:\t 1 kB"]), Is.EqualTo(7204 * 1024));

    [Test]
    public void ResidentOf_a_process_that_has_none_is_zero() =>
        Assert.That(ProcessFigures.ResidentOf(["Name:\tkthreadd", "State:\tS (sleeping)"]), Is.Zero);

    [Test]
    public void Resident_includes_the_children()
    {
        using Process parent = Process.Start(
            new ProcessStartInfo("sh", ["-c", "sleep 60 & echo $!; wait"]) { RedirectStandardOutput = true })!;
        try
        {
            int child = int.Parse(parent.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);

            // Until both have settled, the one in its wait and the other in its own program.
            Assert.That(
                () => ProcessFigures.Resident(parent.Id) == ResidentOf(parent.Id) + ResidentOf(child) && ResidentOf(child) > 0,
                Is.True.After(10_000, 10));
        }
        finally
        {
            parent.Kill(entireProcessTree: true);
        }
    }

    [Test]
    public void ProcessorTime_grows_with_the_work_of_the_process()
    {
        using Process busy = Process.Start("sh", ["-c", "while :; do :; done"]);
        try
        {
            Assert.That(() => ProcessFigures.ProcessorTime(busy.Id), Is.GreaterThan(100_000_000).After(20_000, 10));
        }
        finally
        {
            busy.Kill(entireProcessTree: true);
        }
    }

    private static long ResidentOf(int process) => ProcessFigures.ResidentOf(File.ReadAllLines($"/proc/{process}/status"));
}
