using System.Net;
using CsCheck;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Options;

/// <summary>A range is an address or a CIDR, written in one way, and has the addresses that begin with its bits.</summary>
internal sealed class AddressRangeTests
{
    [TestCase("10.0.0.1", "10.0.0.1")]
    [TestCase("10.0.0.1/32", "10.0.0.1")]
    [TestCase("10.0.0.0/8", "10.0.0.0/8")]
    [TestCase("0.0.0.0/0", "0.0.0.0/0")]
    [TestCase("2001:DB8::/32", "2001:db8::/32")]
    [TestCase("::/0", "::/0")]
    [TestCase("::1/128", "::1")]
    [TestCase("::ffff:10.0.0.0/104", "10.0.0.0/8")]
    [TestCase("::ffff:0:0/96", "0.0.0.0/0")]
    [TestCase("::ffff:10.0.0.1", "10.0.0.1")]
    public void A_range_is_read_and_written_in_its_usual_form(string text, string usual) =>
        Assert.That(Read(text).ToString(), Is.EqualTo(usual));

    [TestCase("10.1.2.3/8", "10.0.0.0/8")]
    [TestCase("10.0.0.1/0", "0.0.0.0/0")]
    [TestCase("192.168.1.1/31", "192.168.1.0/31")]
    [TestCase("2001:db8::1/64", "2001:db8::/64")]
    [TestCase("::ffff:10.1.0.0/104", "10.0.0.0/8")]
    [TestCase("::ffff:10.0.0.0/80", "::/80")]
    public void Bits_behind_the_prefix_are_a_mistake_that_names_the_range_without_them(string text, string meant)
    {
        Assert.That(AddressRange.TryParse(text, out _, out string? cause), Is.False);
        Assert.That(cause, Does.StartWith($"'{text}' has bits set after the first ").And.Contain($"write {meant}, or"));
    }

    [TestCase("10.0.0.0/33", 32)]
    [TestCase("10.0.0.0/", 32)]
    [TestCase("10.0.0.0/08", 32)]
    [TestCase("10.0.0.0/+8", 32)]
    [TestCase("10.0.0.0/-1", 32)]
    [TestCase("10.0.0.0/8/8", 32)]
    [TestCase("10.0.0.0/255.0.0.0", 32)]
    [TestCase("10.0.0.0/99999999999", 32)]
    [TestCase("::/129", 128)]
    public void A_prefix_is_a_whole_number_within_the_width_of_the_family(string text, int most)
    {
        Assert.That(AddressRange.TryParse(text, out _, out string? cause), Is.False);
        Assert.That(cause, Is.EqualTo($"'{text}' must have a whole number from 0 to {most} after the slash"));
    }

    [TestCase("")]
    [TestCase(null)]
    [TestCase("/8")]
    [TestCase("1")]
    [TestCase("10.0/16")]
    [TestCase("010.0.0.1")]
    [TestCase(" 10.0.0.1")]
    [TestCase("localhost")]
    [TestCase("*")]
    public void A_text_that_is_no_address_is_a_mistake(string? text)
    {
        Assert.That(AddressRange.TryParse(text, out _, out string? cause), Is.False);
        Assert.That(cause, Does.StartWith($"'{text}' is neither an address"));
    }

    [TestCase("[::1]")]
    [TestCase("fe80::1%eth0")]
    [TestCase("10.0.0.1:80")]
    [TestCase("1::2::3/8")]
    public void A_text_with_a_colon_is_meant_to_be_IPv6(string text)
    {
        Assert.That(AddressRange.TryParse(text, out _, out string? cause), Is.False);
        Assert.That(cause, Is.EqualTo($"'{text}' has no valid IPv6 address"));
    }

    [Test]
    public void Characters_that_can_not_be_printed_are_not_repeated()
    {
        Assert.That(AddressRange.TryParse("10.0.0.1\u001b[2J", out _, out string? cause), Is.False);
        Assert.That(cause, Does.Not.Contain("\u001b"));
    }

    [TestCase("10.0.0.0/8", "10.255.255.255", true)]
    [TestCase("10.0.0.0/8", "11.0.0.0", false)]
    [TestCase("10.0.0.0/8", "9.255.255.255", false)]
    [TestCase("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [TestCase("::ffff:10.0.0.0/104", "10.1.2.3", true)]
    [TestCase("0.0.0.0/0", "255.255.255.255", true)]
    [TestCase("0.0.0.0/0", "::", false)]
    [TestCase("::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true)]
    [TestCase("::/0", "10.0.0.1", false)]
    [TestCase("::/0", "::ffff:10.0.0.1", false)]
    [TestCase("::1", "0.0.0.1", false)]
    [TestCase("fe80::/10", "fe80::1%2", true)]
    public void A_range_has_the_addresses_of_its_family_with_its_bits(string range, string address, bool isIn) =>
        Assert.That(Read(range).Contains(IPAddress.Parse(address)), Is.EqualTo(isIn));

    [Test]
    public void The_ranges_of_dotnet_have_the_same_addresses() =>
        Gen.Select(Gen.Byte.Array[4], Gen.Byte.Array[4], Gen.Int[0, 32], Gen.Int[0, 32]).Sample((network, address, prefix, common) =>
        {
            // The two share their first bits, so that both answers are frequent.
            for (int bit = 0; bit < common; bit++)
            {
                int mask = 0x80 >> (bit % 8);
                address[bit / 8] = (byte)((address[bit / 8] & ~mask) | (network[bit / 8] & mask));
            }

            for (int bit = prefix; bit < 32; bit++)
            {
                network[bit / 8] &= (byte)~(0x80 >> (bit % 8));
            }

            string text = $"{new IPAddress(network)}/{prefix}";
            return Read(text).Contains(new IPAddress(address)) == IPNetwork.Parse(text).Contains(new IPAddress(address));
        });

    private static AddressRange Read(string text)
    {
        Assert.That(AddressRange.TryParse(text, out AddressRange range, out string? cause), Is.True, cause);
        return range;
    }
}
