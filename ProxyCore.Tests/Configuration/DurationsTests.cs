using ProxyCore.Hosting;

namespace ProxyCore.Tests.Configuration;

internal sealed class DurationsTests
{
    [TestCase("0ms", 0)]
    [TestCase("500ms", 500)]
    [TestCase("5s", 5_000)]
    [TestCase("007s", 7_000)]
    [TestCase("2m", 120_000)]
    [TestCase("1h", 3_600_000)]
    [TestCase("8760h", 31_536_000_000)]
    public void A_number_and_its_unit_are_a_duration(string text, long milliseconds) =>
        Assert.That(Durations.Parse(text), Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));

    [TestCase("")]
    [TestCase("5")]
    [TestCase("s")]
    [TestCase("-5s")]
    [TestCase("+5s")]
    [TestCase("1.5s")]
    [TestCase(" 5s")]
    [TestCase("5 s")]
    [TestCase("5s ")]
    [TestCase("5S")]
    [TestCase("5d")]
    [TestCase("1h30m")]
    [TestCase("٥s")]
    public void Anything_else_is_none(string text) => Assert.That(
        () => Durations.Parse(text), Throws.TypeOf<FormatException>().With.Message.StartsWith($"'{text}' is no duration"));

    [TestCase("8761h")]
    [TestCase("31536000001ms")]
    [TestCase("99999999999999999999999h")]
    [TestCase("9223372036854775807ms")]
    public void More_than_a_year_is_too_long(string text) => Assert.That(
        () => Durations.Parse(text), Throws.TypeOf<FormatException>().With.Message.EqualTo($"'{text}' is too long: at most 8760h"));

    [Test]
    public void Zero_is_too_short_where_a_wait_is_needed()
    {
        Assert.That(() => Durations.ParsePositive("0s"), Throws.TypeOf<FormatException>().With.Message.Contains("too short"));
        Assert.That(Durations.ParsePositive("1ms"), Is.EqualTo(TimeSpan.FromMilliseconds(1)));
    }

    [TestCase("500ms")]
    [TestCase("5s")]
    [TestCase("90s")]
    [TestCase("1m")]
    [TestCase("8760h")]
    public void A_duration_is_shown_as_one_writes_it(string text) =>
        Assert.That(Durations.Format(Durations.Parse(text)), Is.EqualTo(text));
}
