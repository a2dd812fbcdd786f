using ProxyCore.Preread.ProxyProtocol;
using ProxyCore.Settings;
using ProxyCore.Tests.Harness;
using static ProxyCore.Tests.Preread.ProxyProtocol.HeaderBytes;

namespace ProxyCore.Tests.Preread.ProxyProtocol;

/// <summary>What is a header, what is none, and from which byte on that is certain.</summary>
internal sealed class ReaderTests
{
    private static readonly byte[] _data = Text("GET / HTTP/1.1\r\n\r\n");

    private static IEnumerable<Sample> Valid => Samples.Valid;

    private static IEnumerable<Sample> Invalid => Samples.Invalid;

    [TestCaseSource(nameof(Valid))]
    public void A_valid_header_gives_its_addresses_and_its_length(Sample sample)
    {
        byte[] received = [.. sample.Bytes, .. _data];
        ProxyHeaderStatus status = ProxyHeaderReader.Read(
            received, ProxyVersions.Both, ProxyHeaderReader.DefaultLimit, out ProxyHeader? header, out int length, out _);

        Assert.That(status, Is.EqualTo(ProxyHeaderStatus.Complete));
        Assert.That(length, Is.EqualTo(sample.Bytes.Length));
        Assert.That(Answer.Addresses(header!), Is.EqualTo(sample.Addresses));
        Assert.That(header!.Destination is null, Is.EqualTo(header.IsLocal));
    }

    [TestCaseSource(nameof(Valid))]
    public void All_but_the_last_byte_of_a_valid_header_need_more(Sample sample) =>
        Assert.That(Answer.To(sample.Bytes.AsSpan()[..^1]).Status, Is.EqualTo(ProxyHeaderStatus.NeedMore));

    [TestCaseSource(nameof(Invalid))]
    public void An_invalid_header_is_refused_for_its_fault(Sample sample) =>
        Assert.That(Answer.To(sample.Bytes), Is.EqualTo(new Answer(ProxyHeaderStatus.Invalid, sample.Error, 0, "")));

    [TestCaseSource(nameof(Invalid))]
    public void An_invalid_header_is_refused_at_the_byte_that_makes_it_certain(Sample sample)
    {
        Assert.That(Answer.To(sample.Bytes.AsSpan()[..(sample.Certain - 1)]).Status, Is.EqualTo(ProxyHeaderStatus.NeedMore));
        Assert.That(Answer.To(sample.Bytes.AsSpan()[..sample.Certain]).Error, Is.EqualTo(sample.Error));
    }

    [Test]
    public void Nothing_received_needs_more() => Assert.That(Answer.To([]).Status, Is.EqualTo(ProxyHeaderStatus.NeedMore));

    [TestCase(ProxyVersions.V2, "P", ProxyHeaderError.Version1NotAccepted)]
    [TestCase(ProxyVersions.V1, "\r", ProxyHeaderError.Version2NotAccepted)]
    [TestCase(ProxyVersions.V1, "G", ProxyHeaderError.NotAHeader)]
    [TestCase(ProxyVersions.V2, "G", ProxyHeaderError.NotAHeader)]
    [TestCase(ProxyVersions.None, "P", ProxyHeaderError.Version1NotAccepted)]
    public void A_version_that_is_not_accepted_is_refused_at_its_first_byte(ProxyVersions versions, string first, object error) =>
        Assert.That(Answer.To(Text(first), versions).Error, Is.EqualTo(error));

    [Test]
    public void The_accepted_version_is_read_whether_or_not_the_other_is()
    {
        byte[] line = Text("PROXY UNKNOWN\r\n");
        Assert.That(Answer.To(line, ProxyVersions.V1), Is.EqualTo(Answer.To(line)));
        Assert.That(Answer.To(WithTlvs(), ProxyVersions.V2), Is.EqualTo(Answer.To(WithTlvs())));
    }

    [Test]
    public void A_second_header_is_data()
    {
        byte[] line = Text("PROXY UNKNOWN\r\n");
        Assert.That(Answer.To([.. line, .. line]).Length, Is.EqualTo(line.Length));
        Assert.That(Answer.To([.. WithTlvs(), .. WithTlvs()]).Length, Is.EqualTo(WithTlvs().Length));
    }

    [TestCase(28, ProxyHeaderStatus.Complete)]
    [TestCase(27, ProxyHeaderStatus.Invalid)]
    public void A_header_as_large_as_the_limit_is_read_and_no_larger_one(int limit, object status) =>
        Assert.That(Answer.To(WithTlvs(), limit: limit).Status, Is.EqualTo(status));

    [Test]
    public void A_limit_is_never_larger_than_the_largest()
    {
        byte[] block = [.. Block4, .. Tlv(0xE0, new byte[ProxyHeaderReader.LargestLimit - 16 - 12 - 3])];
        byte[] largest = Version2(Proxy, 0x11, block);
        byte[] larger = Version2(Proxy, 0x11, block, block.Length + 1);

        Assert.That(Answer.To(largest, limit: int.MaxValue).Length, Is.EqualTo(ProxyHeaderReader.LargestLimit));
        Assert.That(Answer.To(larger, limit: int.MaxValue).Error, Is.EqualTo(ProxyHeaderError.TooLarge));
    }

    [Test]
    public void Each_fault_is_described_in_words_of_its_own()
    {
        string[] words = [.. Enum.GetValues<ProxyHeaderError>().Select(static error => error.Describe())];
        Assert.That(words, Is.Unique);
    }

    [Test]
    public void Each_fault_has_a_sample_but_the_versions_that_are_not_accepted()
    {
        ProxyHeaderError[] others =
            [ProxyHeaderError.None, ProxyHeaderError.Version1NotAccepted, ProxyHeaderError.Version2NotAccepted];
        Assert.That(
            Samples.Invalid.Select(static sample => sample.Error).Concat(others).Distinct(),
            Is.EquivalentTo(Enum.GetValues<ProxyHeaderError>()));
    }
    [Test]
    public void Reading_what_is_no_whole_header_allocates_nothing()
    {
        IEnumerable<byte[]> cut = Samples.Valid.Select(static sample => sample.Bytes[..^1]);
        foreach (byte[] bytes in cut.Concat(Samples.Invalid.Select(static sample => sample.Bytes)))
        {
            ReadEachPrefix(bytes);
            Allocations.AssertNone(() => ReadEachPrefix(bytes), $"of {Convert.ToHexString(bytes)}");
        }
    }

    private static void ReadEachPrefix(ReadOnlySpan<byte> bytes)
    {
        for (int end = 0; end <= Math.Min(bytes.Length, ProxyHeaderReader.DefaultLimit); end++)
        {
            ProxyHeaderReader.Read(bytes[..end], ProxyVersions.Both, ProxyHeaderReader.DefaultLimit, out _, out _, out _);
        }
    }
}
