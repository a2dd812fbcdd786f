using System.Text;
using System.Text.Json;
using ProxyCore.Cli.Toxiproxy;

namespace ProxyCore.Tests.Toxiproxy;

/// <summary>JSON as Go reads and writes it. The expected texts come from Go 1.19's encoding/json.</summary>
internal sealed class GoJsonTests
{
    [TestCase("", "EOF")]
    [TestCase(" \n", "EOF")]
    [TestCase("{", "unexpected EOF")]
    [TestCase("{\"name\":", "unexpected EOF")]
    [TestCase("tru", "unexpected EOF")]
    [TestCase("-", "unexpected EOF")]
    [TestCase("{x", "invalid character at line 1, byte 2")]
    [TestCase("{\n\"a\" 1}", "invalid character at line 2, byte 5")]
    public void What_is_no_json_is_told(string text, string error) => Assert.That(
        () => Read(text), Throws.InstanceOf<ApiException>().With.Message.EqualTo($"bad request body: {error}"));

    [TestCase("{} {", "{}")]
    [TestCase("[1]x", "[1]")]
    [TestCase("5", "5")]
    [TestCase("null,", "null")]
    public void Only_the_first_value_counts(string text, string value) => Assert.That(Read(text).GetRawText(), Is.EqualTo(value));

    [Test]
    public void Bytes_that_are_no_utf8_become_the_replacement_character() =>
        Assert.That(GoJson.ReadFirst([(byte)'"', 0xFF, (byte)'"']).GetString(), Is.EqualTo("\uFFFD"));

    [TestCase("[1]", "array")]
    [TestCase("{}", "object")]
    [TestCase("5", "number")]
    [TestCase("true", "bool")]
    public void Another_type_is_told_in_the_words_of_go(string value, string kind) => Assert.That(
        () => GoJson.Text(Read(value), "Proxy.name", ""),
        Throws.InstanceOf<ApiException>().With.Message.EqualTo($"bad request body: json: cannot unmarshal {kind} into Go struct field Proxy.name of type string"));

    [TestCase("1.5")]
    [TestCase("1.0")]
    [TestCase("1e3")]
    [TestCase("99999999999999999999")]
    public void A_number_that_is_not_whole_is_told_with_its_digits(string number) => Assert.That(
        () => GoJson.Whole(Read(number), "A.b", "int64", 0),
        Throws.InstanceOf<ApiException>().With.Message.EndsWith($"cannot unmarshal number {number} into Go struct field A.b of type int64"));

    [TestCase("-0", 0)]
    [TestCase("-9223372036854775808", long.MinValue)]
    public void A_whole_number_has_64_bits(string number, long value) =>
        Assert.That(GoJson.Whole(Read(number), "A.b", "int64", 7), Is.EqualTo(value));

    [Test]
    public void Half_of_a_surrogate_pair_is_an_error() =>
        Assert.That(() => GoJson.Text(Read("\"\\ud800\""), "A.b", ""), Throws.InstanceOf<ApiException>());

    [Test]
    public void Text_is_escaped_as_go_escapes_it() => Assert.That(
        new StringBuilder().AppendText("a<b>&\"\\\n\t\r\x01\u2028é😀").ToString(),
        Is.EqualTo("\"a\\u003cb\\u003e\\u0026\\\"\\\\\\n\\t\\r\\u0001\\u2028é😀\""));

    [TestCase(0f, "0")]
    [TestCase(1f, "1")]
    [TestCase(0.1f, "0.1")]
    [TestCase(0.00001f, "0.00001")]
    [TestCase(0.000001f, "0.000001")]
    [TestCase(1e-7f, "1e-7")]
    [TestCase(1.5e-9f, "1.5e-9")]
    [TestCase(1e20f, "100000000000000000000")]
    [TestCase(1e21f, "1e+21")]
    [TestCase(123456.79f, "123456.79")]
    [TestCase(-0.25f, "-0.25")]
    [TestCase(0.33333334f, "0.33333334")]
    public void Numbers_have_the_form_of_go(float number, string text) =>
        Assert.That(new StringBuilder().AppendNumber(number).ToString(), Is.EqualTo(text));

    private static JsonElement Read(string text) => GoJson.ReadFirst(Encoding.UTF8.GetBytes(text));
}
