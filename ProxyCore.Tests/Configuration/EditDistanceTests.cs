using ProxyCore.Hosting;

namespace ProxyCore.Tests.Configuration;

/// <summary>What is meant by a name with a slip.</summary>
internal sealed class EditDistanceTests
{
    private static readonly string[] _names = ["--listen", "--set", "--log-level", "top", "check"];

    [TestCase("--lisen", "--listen")]
    [TestCase("--LISTEN", "--listen")]
    [TestCase("--lgo-levle", "--log-level")]
    [TestCase("tpo", "top")]
    [TestCase("chekc", "check")]
    [TestCase("--sett", "--set")]
    [TestCase("--tls", null)]
    [TestCase("stop it", null)]
    [TestCase("", null)]
    public void A_slip_is_near_its_name_and_another_word_is_not(string written, string? meant)
    {
        bool isFound = EditDistance.TryFindNearest(written, _names, out string? nearest);

        Assert.That(isFound ? nearest : null, Is.EqualTo(meant));
    }

    [Test]
    public void Nothing_is_near_when_there_are_no_names() =>
        Assert.That(EditDistance.TryFindNearest("word", [], out _), Is.False);

    [TestCase("abc", "abc", 0)]
    [TestCase("abc", "acb", 1)]
    [TestCase("abc", "ab", 1)]
    [TestCase("abc", "xbc", 1)]
    [TestCase("ca", "abc", 3)]
    public void A_swap_of_neighbours_is_one_slip(string written, string meant, int slips) =>
        Assert.That(EditDistance.Between(written, meant), Is.EqualTo(slips));
}
