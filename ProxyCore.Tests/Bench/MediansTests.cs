using System.Runtime.Versioning;
using ProxyCore.Bench.Comparing;

namespace ProxyCore.Tests.Bench;

[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class MediansTests
{
    [TestCase(new double[] { }, ExpectedResult = 0)]
    [TestCase(new double[] { 7 }, ExpectedResult = 7)]
    [TestCase(new double[] { 9, 1, 5 }, ExpectedResult = 5)]
    [TestCase(new double[] { 8, 2, 4, 100 }, ExpectedResult = 6)]
    public double Of_is_the_value_in_the_middle(double[] values) => Medians.Of(values);

    [Test]
    public void OfRatios_pairs_runs_of_the_same_round()
    {
        // The machine was twice as fast in the second round: no ratio shows that.
        Measurement[] runs =
        [
            Measured.Run("ours", 1, 120), Measured.Run("theirs", 1, 100),
            Measured.Run("theirs", 2, 200), Measured.Run("ours", 2, 240),
            Measured.Run("ours", 3, 90), Measured.Run("theirs", 3, 100),
        ];

        double? ratio = Medians.OfRatios(runs, "ours", "theirs", static run => run.RequestsPerSecond);

        Assert.That(ratio, Is.EqualTo(1.2).Within(1e-9));
    }

    [Test]
    public void OfRatios_leaves_out_rounds_that_have_no_pair()
    {
        Measurement[] runs =
        [
            Measured.Run("ours", 1, 300), Measured.Run("theirs", 1, 100),
            Measured.Run("ours", 2, 50),
            Measured.Run("ours", 3, 50), Measured.Run("theirs", 3, 0),
        ];

        Assert.That(Medians.OfRatios(runs, "ours", "theirs", static run => run.RequestsPerSecond), Is.EqualTo(3));
    }

    [Test]
    public void Ratios_come_in_the_order_of_their_size()
    {
        Measurement[] runs =
        [
            Measured.Run("ours", 1, 120), Measured.Run("theirs", 1, 100),
            Measured.Run("ours", 2, 80), Measured.Run("theirs", 2, 100),
            Measured.Run("ours", 3, 100), Measured.Run("theirs", 3, 100),
        ];

        Assert.That(Medians.Ratios(runs, "ours", "theirs", static run => run.RequestsPerSecond), Is.EqualTo([0.8, 1.0, 1.2]));
    }

    [Test]
    public void OfRatios_is_null_when_nobody_is_there_to_compare_with()
    {
        Measurement[] runs = [Measured.Run("ours", 1, 300)];

        Assert.That(Medians.OfRatios(runs, "ours", "theirs", static run => run.RequestsPerSecond), Is.Null);
    }
}
