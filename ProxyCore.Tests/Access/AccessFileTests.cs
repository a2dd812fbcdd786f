using System.Net;
using System.Text;
using ProxyCore.Access;

namespace ProxyCore.Tests.Access;

/// <summary>A list of clients has one entry a line, and the first mistake is told with its line.</summary>
internal sealed class AccessFileTests
{
    private static readonly IPAddress[] _listed = [IPAddress.Parse("10.1.2.3"), IPAddress.Parse("192.0.2.7"), IPAddress.Parse("2001:db8::5")];

    [Test]
    public void Entries_are_read_from_lines_with_comments_and_empty_lines_between()
    {
        AddressSet set = Read("# office\n10.0.0.0/8 # all of it\r\n\n \t192.0.2.7\t\r\n#10.9.9.9\n2001:db8::/32");

        Assert.That(set.RangeCount, Is.EqualTo(3));
        Assert.That(_listed.All(set.Contains), Is.True);
    }

    [TestCase("")]
    [TestCase("\n\r\n")]
    [TestCase("# nothing")]
    public void A_file_may_have_no_entry(string text) => Assert.That(Read(text).IsEmpty, Is.True);

    [TestCase("10.0.0.1\n\nlocalhost\nx", "list:3: 'localhost' is neither an address, such as 10.0.0.1, nor a range, such as 10.0.0.0/8")]
    [TestCase("10.0.0.1/8", "list:1: '10.0.0.1/8' has bits set after the first 8: write 10.0.0.0/8, or the address alone")]
    [TestCase("# a\u2028b\n10.0.0.1 10.0.0.2", "list:2: '10.0.0.1 10.0.0.2' is neither an address, such as 10.0.0.1, nor a range, such as 10.0.0.0/8")]
    [TestCase("::1%1", "list:1: '::1%1' has no valid IPv6 address")]
    [TestCase("\u001b[2J", "list:1: '?[2J' is neither an address, such as 10.0.0.1, nor a range, such as 10.0.0.0/8")]
    public void The_first_mistake_is_told_with_its_line(string text, string expected)
    {
        Assert.That(AccessFile.Parse("list", text, out AddressSet set), Is.EqualTo(expected));
        Assert.That(set.IsEmpty, Is.True);
    }

    [Test]
    public void A_million_entries_are_read_and_no_more()
    {
        var text = new StringBuilder();
        for (int i = 0; i < AccessFile.MostEntries; i++)
        {
            text.Append("::").Append($"{i % 0x10000:x}").Append('\n');
        }

        Assert.That(Read(text.ToString()).RangeCount, Is.EqualTo(1));
        Assert.That(AccessFile.Parse("list", text.Append("# end\n::1").ToString(), out _), Is.EqualTo("list:1000002: a file may have 1,000,000 entries, and this is one more"));
    }

    private static AddressSet Read(string text)
    {
        Assert.That(AccessFile.Parse("list", text, out AddressSet set), Is.Null);
        return set;
    }
}
