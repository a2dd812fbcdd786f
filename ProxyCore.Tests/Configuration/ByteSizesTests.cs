using ProxyCore.Hosting;

namespace ProxyCore.Tests.Configuration;

internal sealed class ByteSizesTests
{
    [TestCase("1024", 1024)]
    [TestCase("1k", 1024)]
    [TestCase("64K", 65536)]
    [TestCase("1m", 1048576)]
    [TestCase("16M", 16777216)]
    [TestCase("16777216", 16777216)]
    public void A_number_of_bytes_may_have_a_suffix(string text, int bytes) =>
        Assert.That(ByteSizes.Parse(text), Is.EqualTo(bytes));

    [TestCase("")]
    [TestCase("k")]
    [TestCase("-1")]
    [TestCase("1.5k")]
    [TestCase("64kb")]
    [TestCase("1g")]
    [TestCase("1 k")]
    public void Anything_else_is_none(string text) => Assert.That(
        () => ByteSizes.Parse(text), Throws.TypeOf<FormatException>().With.Message.StartsWith($"'{text}' is no size"));

    [TestCase("0")]
    [TestCase("1023")]
    [TestCase("17m")]
    [TestCase("16777217")]
    [TestCase("9223372036854775807m")]
    [TestCase("99999999999999999999999")]
    public void What_no_buffer_can_be_is_out_of_bounds(string text) => Assert.That(
        () => ByteSizes.Parse(text),
        Throws.TypeOf<FormatException>().With.Message.EqualTo($"'{text}' is out of bounds: from 1k to 16m"));

    [TestCase(1000, "1000")]
    [TestCase(1536, "1536")]
    [TestCase(65536, "64k")]
    [TestCase(1048576, "1m")]
    public void A_size_is_shown_as_one_writes_it(int bytes, string text) =>
        Assert.That(ByteSizes.Format(bytes), Is.EqualTo(text));
}
