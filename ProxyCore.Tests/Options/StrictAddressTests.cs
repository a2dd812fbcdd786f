using System.Net;
using System.Text;
using CsCheck;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Options;

/// <summary>An address is read in its one usual form, so that no two programs read it as different ones.</summary>
internal sealed class StrictAddressTests
{
    [TestCase("0.0.0.0")]
    [TestCase("255.255.255.255")]
    [TestCase("192.0.2.7")]
    [TestCase("::")]
    [TestCase("::1")]
    [TestCase("1::")]
    [TestCase("2001:db8::1")]
    [TestCase("2001:DB8:0:0:0:0:0:1")]
    [TestCase("::ffff:192.0.2.7")]
    [TestCase("1:2:3:4:5:6:7.8.9.10")]
    [TestCase("1:2:3:4:5:6:7::")]
    [TestCase("::2:3:4:5:6:7:8")]
    public void The_usual_form_is_read(string text) => Assert.That(Read(text), Is.EqualTo(IPAddress.Parse(text)));

    [TestCase("")]
    [TestCase("1")]
    [TestCase("1.2.3")]
    [TestCase("1.2.3.4.5")]
    [TestCase("1.2.3.256")]
    [TestCase("010.0.0.1")]
    [TestCase("1.2.3.04")]
    [TestCase("0x7f.0.0.1")]
    [TestCase("1.2.3.4 ")]
    [TestCase("+1.2.3.4")]
    [TestCase("1..2.3")]
    [TestCase(":")]
    [TestCase(":1")]
    [TestCase("1:")]
    [TestCase(":::")]
    [TestCase("1::2::3")]
    [TestCase("1:2:3:4:5:6:7")]
    [TestCase("1:2:3:4:5:6:7:8:9")]
    [TestCase("1:2:3:4::5:6:7:8")]
    [TestCase("12345::")]
    [TestCase("g::")]
    [TestCase("[::1]")]
    [TestCase("fe80::1%eth0")]
    [TestCase("::1.2.3")]
    [TestCase("1.2.3.4::")]
    [TestCase("1:2:3:4:5:6:7:1.2.3.4")]
    [TestCase("\u0661.2.3.4")]
    public void Nothing_else_is(string text) => Assert.That(Read(text), Is.Null);

    [Test]
    public void Every_address_is_read_as_NET_writes_it() => Gen.OneOf(Gen.Byte.Array[4], Gen.Byte.Array[16]).Sample(static bytes =>
    {
        var address = new IPAddress(bytes);
        Assert.That(Read(address.ToString()), Is.EqualTo(address));
    });

    [Test]
    public void Whatever_is_read_NET_reads_as_the_same() => Gen.Char["0123456789abcF.:"].Array[1, 20].Sample(static characters =>
    {
        string text = new(characters);
        if (Read(text) is { } address)
        {
            Assert.That(IPAddress.Parse(text), Is.EqualTo(address), text);
        }
    });

    private static IPAddress? Read(string text)
    {
        bool isRead = StrictAddress.TryParse(text, out IPAddress? address);
        Assert.That(
            text.All(char.IsAscii) && StrictAddress.TryParse(Encoding.ASCII.GetBytes(text), out IPAddress? ofBytes) ? ofBytes : null,
            Is.EqualTo(isRead ? address : null),
            "bytes and characters read alike");
        return isRead ? address : null;
    }
}
