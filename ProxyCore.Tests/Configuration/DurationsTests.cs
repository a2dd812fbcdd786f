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

    [TestCase("00:00:05", 5)]
    [TestCase("01:02:03", 3723)]
    [TestCase("1.02:03:04", 93784)]
    [TestCase("00:00:00.5", 0.5)]
    [TestCase("364.23:59:59", 31535999)]
    [TestCase("365.00:00:00", 31536000)]
    public void A_duration_may_be_written_as_dotnet_does(string text, double seconds) =>
        Assert.That(Durations.Parse(text), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [TestCase("1:2")]
    [TestCase("5:00")]
    [TestCase("0:0:5")]
    [TestCase("24:00:00")]
    [TestCase("00:60:00")]
    [TestCase("-00:00:05")]
    [TestCase("00:00:05.")]
    [TestCase("00:00:05s")]
    [TestCase(" 00:00:05")]
    [TestCase("1 00:00:05")]
    public void Nothing_else_with_colons_is_one(string text) => Assert.That(
        () => Durations.Parse(text), Throws.TypeOf<FormatException>().With.Message.StartsWith($"'{text}' is no duration"));

    [Test]
    public void More_than_a_year_is_too_long_in_that_form_too() => Assert.That(
        () => Durations.Parse("365.00:00:00.1"), Throws.TypeOf<FormatException>().With.Message.EqualTo("'365.00:00:00.1' is too long: at most 8760h"));

    [Test]
    public void What_no_unit_divides_is_shown_in_that_form() =>
        Assert.That(Durations.Format(TimeSpan.FromTicks(1)), Is.EqualTo("00:00:00.0000001"));

    [TestCase("500ms")]
    [TestCase("5s")]
    [TestCase("90s")]
    [TestCase("1m")]
    [TestCase("8760h")]
    public void A_duration_is_shown_as_one_writes_it(string text) =>
        Assert.That(Durations.Format(Durations.Parse(text)), Is.EqualTo(text));
}
