using ProxyCore.Preread.ProxyProtocol;
using static ProxyCore.Tests.Preread.ProxyProtocol.HeaderBytes;

namespace ProxyCore.Tests.Preread.ProxyProtocol;

internal sealed class Crc32CTests
{
    [Test]
    public void The_checksum_has_the_value_of_its_definition() =>
        Assert.That(Crc32C.Compute("123456789"u8), Is.EqualTo(0xE3069283));

    [Test]
    public void A_value_is_left_out_wherever_it_stands()
    {
        byte[] bytes = [.. Enumerable.Range(1, 40).Select(static value => (byte)value)];
        for (int offset = 0; offset <= bytes.Length - 4; offset++)
        {
            byte[] zeroed = [.. bytes];
            zeroed.AsSpan(offset, 4).Clear();
            Assert.That(Crc32C.ComputeWithout(bytes, offset), Is.EqualTo(Castagnoli(zeroed)));
        }
    }
}
