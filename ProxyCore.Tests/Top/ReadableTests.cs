using ProxyCore.Cli.Top;

namespace ProxyCore.Tests.Top;

/// <summary>Figures as people read them.</summary>
internal sealed class ReadableTests
{
    [TestCase(0, "0 B")]
    [TestCase(999, "999 B")]
    [TestCase(999.6, "1.00 kB")]
    [TestCase(1000, "1.00 kB")]
    [TestCase(12_345, "12.3 kB")]
    [TestCase(999_999, "1.00 MB")]
    [TestCase(123_456_789, "123 MB")]
    [TestCase(9.3e18, "9.30 EB")]
    public void Bytes_have_three_digits_and_a_unit(double bytes, string expected) =>
        Assert.That(Readable.Bytes(bytes), Is.EqualTo(expected.Replace(' ', '\u00A0')));

    [TestCase(0, "0.00 ms")]
    [TestCase(0.0005, "0.50 ms")]
    [TestCase(0.25, "250 ms")]
    [TestCase(1.25, "1.3 s")]
    [TestCase(59.94, "59.9 s")]
    [TestCase(192, "3 m 12 s")]
    [TestCase(3_660, "1 h 1 m")]
    [TestCase(100_000, "1 d 3 h")]
    public void Times_have_one_unit_or_two(double seconds, string expected) =>
        Assert.That(Readable.Time(seconds), Is.EqualTo(expected.Replace(' ', '\u00A0')));

    [TestCase(0, "0.00/s")]
    [TestCase(12.34, "12.3/s")]
    [TestCase(1234.6, "1235/s")]
    public void Rates_are_a_second(double perSecond, string expected) => Assert.That(Readable.Rate(perSecond), Is.EqualTo(expected));
}
