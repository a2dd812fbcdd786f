using System.Net;
using CsCheck;
using ProxyCore.Access;
using ProxyCore.Settings;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Access;

/// <summary>A set of addresses answers as its list of ranges does, however long the list is.</summary>
internal sealed class AddressSetTests
{
    // Addresses and networks of a few bits, so that ranges often overlap, touch and meet the ends of their family.
    private static readonly Gen<AddressRange> _ranges = Gen.Select(Gen.Bool, Gen.Int[0, 5], Gen.UInt[0, 31], Gen.Bool).Select(Range);

    private static readonly Gen<AddressRange> _wideRanges = Gen.Select(Gen.UInt, Gen.Int[8, 32]).Select(static (bits, prefix) =>
        Parse($"{new AddressBits(IsIPv4: true, bits & (uint.MaxValue << (32 - prefix))).ToAddress()}/{prefix}"));

    [Test]
    public void Few_ranges_answer_as_their_list_does() => _ranges.List[0, 12].Sample(static ranges =>
    {
        var set = AddressSet.Of(ranges);
        return Ends().All(address => set.Contains(address) == ranges.Exists(range => range.Contains(address)));
    });

    [Test]
    public void Many_ranges_answer_as_their_list_does() => Gen.Select(_wideRanges.List[300, 2000], Gen.UInt.Array[50]).Sample(
        static (ranges, others) =>
        {
            var set = AddressSet.Of(ranges);
            IEnumerable<uint> values = others.Concat(ranges.Take(50).SelectMany(static range => Around((uint)range.First.Value, (uint)range.Last)));
            return values.All(value =>
            {
                IPAddress address = new AddressBits(IsIPv4: true, value).ToAddress();
                return set.Contains(address) == ranges.Exists(range => range.Contains(address));
            });
        },
        iter: 100);

    [Test]
    public void Many_ranges_close_together_answer_as_their_list_does() => Gen.Select(Gen.UInt, Gen.UInt[0, 4000].List[500, 700], Gen.Bool).Sample(
        static (start, offsets, hasOutlier) =>
        {
            List<AddressRange> ranges = [.. offsets.Select(offset =>
                Parse(new AddressBits(IsIPv4: true, (uint)Math.Min(uint.MaxValue, (ulong)start + offset)).ToAddress().ToString()))];
            if (hasOutlier)
            {
                ranges.Add(Parse("0.0.0.0"));
            }

            var set = AddressSet.Of(ranges);
            HashSet<UInt128> known = [.. ranges.Select(static range => range.First.Value)];
            return Enumerable.Range(-2, 4005).All(offset =>
            {
                uint value = (uint)(start + offset);
                return set.Contains(new AddressBits(IsIPv4: true, value).ToAddress()) == known.Contains(value);
            });
        },
        iter: 100);

    [Test]
    public void Many_IPv6_ranges_answer_as_their_list_does() => Gen.Select(Gen.ULong.Array[600], Gen.Int[40, 64]).Sample(
        static (starts, prefix) =>
        {
            List<AddressRange> ranges = [.. starts.Select(start =>
                Parse($"{new AddressBits(IsIPv4: false, (UInt128)(start & (ulong.MaxValue << (64 - prefix))) << 64).ToAddress()}/{prefix}"))];
            var set = AddressSet.Of(ranges);
            return ranges.Take(20).SelectMany(static range => Around(range.First.Value, range.Last)).All(value =>
            {
                IPAddress address = new AddressBits(IsIPv4: false, value).ToAddress();
                return set.Contains(address) == ranges.Exists(range => range.Contains(address));
            });
        },
        iter: 100);

    [Test]
    public void Ranges_that_touch_or_overlap_become_one()
    {
        AddressSet set = Of("10.0.0.0/25", "10.0.0.128/25", "10.0.1.0/24", "10.0.1.7", "10.0.3.0/24", "255.255.255.255", "255.255.255.254");

        Assert.That(set.RangeCount, Is.EqualTo(3));
    }

    [Test]
    public void The_families_do_not_mix_and_a_mapped_address_is_an_IPv4_one()
    {
        AddressSet set = Of("0.0.0.0/8", "2001:db8::/32");

        Assert.That(set.Contains(IPAddress.Parse("0.0.0.1")), Is.True);
        Assert.That(set.Contains(IPAddress.Parse("::ffff:0.0.0.1")), Is.True);
        Assert.That(set.Contains(IPAddress.Parse("::1")), Is.False);
        Assert.That(Of("::/0").Contains(IPAddress.Parse("::ffff:10.0.0.1")), Is.False);
    }

    [Test]
    public void No_ranges_have_no_address()
    {
        Assert.That(AddressSet.Empty.IsEmpty, Is.True);
        Assert.That(Ends().Any(AddressSet.Empty.Contains), Is.False);
    }

    [Test]
    public void A_look_up_allocates_nothing()
    {
        AddressSet set = Of([.. Enumerable.Range(0, 1000).Select(static i => $"10.{i / 256}.{i % 256}.0/25"), "2001:db8::/32"]);
        IPAddress[] addresses = [IPAddress.Parse("10.1.2.3"), IPAddress.Parse("2001:db8::1"), IPAddress.Parse("::ffff:10.0.0.200")];
        LookUp();
        Allocations.AssertNone(LookUp);

        void LookUp()
        {
            for (int i = 0; i < 1000; i++)
            {
                _ = set.Contains(addresses[i % addresses.Length]);
            }
        }
    }

    [Test]
    public void Memory_of_a_long_list_is_a_few_bytes_an_entry()
    {
        const int Count = 100_000;
        var set = AddressSet.Of(Enumerable.Range(0, Count).Select(static i => Parse(new AddressBits(IsIPv4: true, (uint)i * 4096).ToAddress().ToString())));

        Assert.That(set.RangeCount, Is.EqualTo(Count));
        Assert.That(set.Bytes, Is.LessThan(12 * Count));
    }

    private static AddressSet Of(params string[] texts) => AddressSet.Of(texts.Select(Parse));

    private static AddressRange Parse(string text)
    {
        Assert.That(AddressRange.TryParse(text, out AddressRange range, out string? cause), Is.True, cause);
        return range;
    }

    /// <summary>A range with at most 32 addresses at the one or the other end of a family.</summary>
    private static AddressRange Range(bool isIPv4, int hostBits, uint value, bool isAtEnd)
    {
        UInt128 first = (isAtEnd ? (isIPv4 ? uint.MaxValue : UInt128.MaxValue) - 31 : 0) + (value & (uint.MaxValue << hostBits));
        return Parse($"{new AddressBits(isIPv4, first).ToAddress()}/{(isIPv4 ? 32 : 128) - hostBits}");
    }

    private static IEnumerable<IPAddress> Ends()
    {
        for (uint i = 0; i < 34; i++)
        {
            yield return new AddressBits(IsIPv4: true, i).ToAddress();
            yield return new AddressBits(IsIPv4: true, uint.MaxValue - i).ToAddress();
            yield return new AddressBits(IsIPv4: false, i).ToAddress();
            yield return new AddressBits(IsIPv4: false, UInt128.MaxValue - i).ToAddress();
        }
    }

    private static IEnumerable<T> Around<T>(T first, T last)
        where T : System.Numerics.IBinaryInteger<T> => [first, last, unchecked(first - T.One), unchecked(last + T.One)];
}
