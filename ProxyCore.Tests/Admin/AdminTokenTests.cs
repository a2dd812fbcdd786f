using ProxyCore.Cli.Admin;
using ProxyCore.Tests.Cli;

namespace ProxyCore.Tests.Admin;

internal sealed class AdminTokenTests
{
    private const string Text = "0123456789abcdef";

    [TestCase(Text, true)]
    [TestCase("0123456789abcdeF", false)]
    [TestCase("0123456789abcde", false)]
    [TestCase("0123456789abcdef0", false)]
    [TestCase("", false)]
    [TestCase("0123456789abcdeé", false)]
    public void A_token_is_known_by_all_its_characters_only(string given, bool known) =>
        Assert.That(AdminToken.Parse(Text).Matches(given), Is.EqualTo(known));

    [Test]
    public void A_text_longer_than_any_token_is_none() =>
        Assert.That(AdminToken.Parse(Text).Matches(new string('x', 100_000)), Is.False);

    [TestCase("")]
    [TestCase("fifteen-letters")]
    [TestCase("a token with blanks")]
    [TestCase("a-token-with-ümläuts")]
    [TestCase("a-token-with\n-a-line-break")]
    public void What_is_no_token_is_refused_without_being_shown(string text) =>
        Assert.That(
            () => AdminToken.Parse(text),
            Throws.TypeOf<FormatException>().With.Message.StartsWith("the token has").And.Message.Not.Contains(text is "" ? "\n" : text));

    [Test]
    public void A_file_that_is_too_large_for_a_token_is_read_no_further_and_told_as_such()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Add("token", System.Text.Encoding.ASCII.GetBytes(new string('x', 3000)));

        Assert.That(
            () => AdminToken.Read(file),
            Throws.TypeOf<FormatException>().With.Message.EqualTo($"'{file}': the token has more than 1024 characters: from 16 to 1024 are needed"));
    }

    [Test]
    public void A_file_without_a_name_is_told_as_such() =>
        Assert.That(() => AdminToken.Read(""), Throws.TypeOf<FormatException>().With.Message.EqualTo("a file name is needed"));

    [TestCase(Text)]
    [TestCase(Text + "\n")]
    [TestCase(Text + "\r\n")]
    public void The_line_of_a_file_is_the_token(string content)
    {
        using var folder = new TemporaryFolder();
        string file = folder.Add("token", System.Text.Encoding.ASCII.GetBytes(content));

        Assert.That(AdminToken.Read(file).Matches(Text));
    }

    [TestCase(Text + "\n" + Text)]
    [TestCase("short\n")]
    [TestCase("")]
    public void A_file_with_anything_else_is_refused_by_its_name(string content)
    {
        using var folder = new TemporaryFolder();
        string file = folder.Add("token", System.Text.Encoding.ASCII.GetBytes(content));

        Assert.That(() => AdminToken.Read(file), Throws.TypeOf<FormatException>().With.Message.StartsWith($"'{file}': the token has"));
    }
}
