using System.Globalization;
using System.Text;
using ProxyCore.Diagnostics;

namespace ProxyCore.Tests.Diagnostics;

internal sealed class PrintableTests
{
    [TestCase("GET / HTTP/1.1", "GET / HTTP/1.1")]
    [TestCase("", "")]
    [TestCase("a\r\n\tb", @"a\r\n\tb")]
    [TestCase(@"C:\n", @"C:\\n")]
    [TestCase("\0\a\u007f", @"\x00\x07\x7F")]
    [TestCase("\u001b[31mred\u001b]0;title\a", @"\x1B[31mred\x1B]0;title\x07")]
    [TestCase("\u009b31m", @"\u{9B}31m")]
    [TestCase("\u202e\u2066\u200f\ufeff", @"\u{202E}\u{2066}\u{200F}\u{FEFF}")]
    [TestCase("\u2028\u2029", @"\u{2028}\u{2029}")]
    [TestCase("\ue000\uffff", @"\u{E000}\u{FFFF}")]
    [TestCase("grün € \ud83d\ude00", "grün € \ud83d\ude00")]
    public void Escape_shows_visible_characters_and_escapes_the_rest(string text, string expected) =>
        Assert.That(Printable.Escape(Encoding.UTF8.GetBytes(text)), Is.EqualTo(expected));

    [TestCase(new byte[] { 0xff, 0x41 }, @"\xFFA")]
    [TestCase(new byte[] { 0x80 }, @"\x80")]
    [TestCase(new byte[] { 0xe2, 0x82 }, @"\xE2\x82")]
    [TestCase(new byte[] { 0xc0, 0x80 }, @"\xC0\x80")]
    [TestCase(new byte[] { 0xed, 0xa0, 0x80 }, @"\xED\xA0\x80")]
    public void Escape_shows_what_is_no_UTF8_byte_by_byte(byte[] bytes, string expected) =>
        Assert.That(Printable.Escape(bytes), Is.EqualTo(expected));

    [Test]
    public void Escape_shows_all_of_what_just_fits() =>
        Assert.That(Printable.Escape(Filled(Printable.MaximumBytes)), Is.EqualTo(new string('a', Printable.MaximumBytes)));

    [Test]
    public void Escape_cuts_what_is_longer_and_says_by_how_much() =>
        Assert.That(
            Printable.Escape(Filled(Printable.MaximumBytes + 7)),
            Is.EqualTo(new string('a', Printable.MaximumBytes) + "… (7 more bytes)"));

    [Test]
    public void Escape_shows_a_character_that_the_cut_divides_byte_by_byte()
    {
        byte[] bytes = [.. Filled(Printable.MaximumBytes - 2), .. "€"u8];

        Assert.That(
            Printable.Escape(bytes),
            Is.EqualTo(new string('a', Printable.MaximumBytes - 2) + @"\xE2\x82… (1 more bytes)"));
    }

    [Test]
    public void Escape_never_lets_a_control_or_format_character_through([Range(1, 5)] int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = random.Next(2) == 0 ? RandomBytes(random) : RandomText(random);

            string shown = Printable.Escape(bytes);

            Assert.That(shown.EnumerateRunes().Any(IsDangerous), Is.False, Convert.ToHexString(bytes));
            Assert.That(shown, Has.Length.LessThan((Printable.MaximumBytes * 6) + 32));
        }
    }

    private static byte[] Filled(int count) => [.. Enumerable.Repeat((byte)'a', count)];

    private static byte[] RandomBytes(Random random)
    {
        byte[] bytes = new byte[random.Next(200)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] RandomText(Random random)
    {
        var text = new StringBuilder();
        for (int i = random.Next(100); i > 0; i--)
        {
            int value = random.Next(random.Next(2) == 0 ? 0x3000 : 0x10ffff);
            text.Append(Rune.IsValid(value) ? new Rune(value).ToString() : "\u202e");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static bool IsDangerous(Rune rune) =>
        Rune.IsControl(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
