using System.Text;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Options;

/// <summary>One spelling for each name, whether a client sends it or an operator writes it.</summary>
internal sealed class ServerNameFormTests
{
    [TestCase("a.example", "a.example")]
    [TestCase("A.Example.TEST.", "a.example.test")]
    [TestCase("localhost", "localhost")]
    [TestCase("_dns.x-1.example", "_dns.x-1.example")]
    [TestCase("-a-.example", "-a-.example")]
    [TestCase("xn--bcher-kva.example", "xn--bcher-kva.example")]
    [TestCase("1.2.3", "1.2.3")]
    [TestCase("1.2.3.256", "1.2.3.256")]
    [TestCase("1.2.3.4.5", "1.2.3.4.5")]
    [TestCase("1.2.3.4a", "1.2.3.4a")]
    public void A_name_of_a_client_is_brought_into_its_normal_form(string sent, string normal)
    {
        Assert.That(TryNormalize(sent, out string? name));
        Assert.That(name, Is.EqualTo(normal));
    }

    [TestCase("192.0.2.1")]
    [TestCase("255.255.255.255.")]
    public void An_IPv4_address_counts_as_no_name(string sent)
    {
        Assert.That(TryNormalize(sent, out string? name));
        Assert.That(name, Is.Null);
    }

    [TestCase("")]
    [TestCase(".")]
    [TestCase(".a")]
    [TestCase("a..b")]
    [TestCase("a..")]
    [TestCase("a b")]
    [TestCase("a\0.example")]
    [TestCase("a\n")]
    [TestCase("b\u00FCcher.example")]
    [TestCase("*.example")]
    [TestCase("2001:db8::1")]
    [TestCase("[::1]")]
    [TestCase("a.example:443")]
    [TestCase("a/b")]
    public void What_no_host_is_called_is_refused(string sent)
    {
        Assert.That(TryNormalize(sent, out string? name), Is.False);
        Assert.That(name, Is.Null);
    }

    [TestCase(63, true)]
    [TestCase(64, false)]
    public void A_label_has_at_most_63_characters(int length, bool valid) =>
        Assert.That(TryNormalize(new string('a', length) + ".example", out _), Is.EqualTo(valid));

    [TestCase(253, true)]
    [TestCase(254, false)]
    public void A_name_has_at_most_253_characters_without_the_last_dot(int length, bool valid)
    {
        string name = string.Concat(Enumerable.Repeat("a.", 127))[..(length - 1)].TrimEnd('.').PadRight(length, 'b');
        Assert.That(name, Has.Length.EqualTo(length));
        Assert.That(TryNormalize(name + ".", out _), Is.EqualTo(valid));
    }

    [TestCase("a.example", "a.example")]
    [TestCase("A.Example.", "a.example")]
    [TestCase("*.B.example", "*.b.example")]
    [TestCase("*.example", "*.example")]
    [TestCase("b\u00FCcher.example", "xn--bcher-kva.example")]
    [TestCase("*.B\u00DCCHER.example", "*.xn--bcher-kva.example")]
    [TestCase("_x.example", "_x.example")]
    public void A_configured_name_is_brought_into_the_same_form(string text, string expected)
    {
        Assert.That(ServerName.TryReadPattern(text, out string? pattern, out string? cause), cause);
        Assert.That(pattern, Is.EqualTo(expected));
        Assert.That(cause, Is.Null);
    }

    [TestCase(null, "it is empty")]
    [TestCase("", "it is empty")]
    [TestCase("*", "a * must be the whole first label, with a name after it")]
    [TestCase("*.", "it is empty")]
    [TestCase("a.*.example", "a * must be the whole first label, with a name after it")]
    [TestCase("*.*.example", "a * must be the whole first label, with a name after it")]
    [TestCase("w*.example", "a * must be the whole first label, with a name after it")]
    [TestCase("a..b", "a label is empty")]
    [TestCase("a b", "only letters, digits, -, _ and the dots between labels are allowed")]
    [TestCase("a.example:443", "only letters, digits, -, _ and the dots between labels are allowed")]
    [TestCase("192.0.2.1", "it is an IP address, and clients send only names")]
    [TestCase("\uD800.example", "it cannot be converted to ASCII (IDN); write it in its form with xn--")]
    [TestCase("bu\u0308cher.example", "it cannot be converted to ASCII (IDN); write it in its form with xn--")]
    [TestCase("\u00E9.exa\u200Bmple", "it cannot be converted to ASCII (IDN); write it in its form with xn--")]
    public void What_cannot_be_a_name_has_a_cause(string? text, string expected)
    {
        Assert.That(ServerName.TryReadPattern(text, out string? pattern, out string? cause), Is.False);
        Assert.That(pattern, Is.Null);
        Assert.That(cause, Is.EqualTo(expected));
    }

    private static bool TryNormalize(string sent, out string? name) =>
        ServerName.TryNormalize(Encoding.Latin1.GetBytes(sent), out name);
}
