using System.Runtime.Versioning;
using ProxyCore.Bench.Reporting;
using ProxyCore.Tests.Cli;

namespace ProxyCore.Tests.Bench;

[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class ResultsTests
{
    [Test]
    public void Load_gives_back_what_was_saved()
    {
        using var folder = new TemporaryFolder();
        var saved = new Results("a machine", [Measured.Run("ours", 3, 42, p99: 1.5)]);

        saved.Save(folder.FullName);
        Results loaded = Results.Load(folder.FullName);

        Assert.That(loaded.Machine, Is.EqualTo("a machine"));
        Assert.That(loaded.Measurements, Is.EqualTo(saved.Measurements));
    }

    [Test]
    public void Load_where_nothing_was_saved_gives_none()
    {
        using var folder = new TemporaryFolder();

        Assert.That(Results.Load(folder.FullName).Measurements, Is.Empty);
    }

    [Test]
    public void Over_replaces_the_scenarios_that_were_measured_again_and_keeps_the_others()
    {
        var earlier = new Results("old", [Measured.Run("ours", 1, 1, "busy-1"), Measured.Run("ours", 1, 2, "sparse")]);
        var now = new Results("new", [Measured.Run("ours", 1, 3, "busy-1")]);

        Results both = now.Over(earlier);

        Assert.That(both.Machine, Is.EqualTo("new"));
        Assert.That(both.Measurements.Select(static run => (run.Scenario, run.Load.Requests)), Is.EquivalentTo(new[]
        {
            ("sparse", 2L), ("busy-1", 3L),
        }));
    }
}
