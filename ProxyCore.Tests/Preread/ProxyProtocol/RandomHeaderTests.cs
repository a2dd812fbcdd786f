using System.Net;
using CsCheck;
using ProxyCore.Preread.ProxyProtocol;
using static ProxyCore.Tests.Preread.ProxyProtocol.HeaderBytes;

namespace ProxyCore.Tests.Preread.ProxyProtocol;

/// <summary>
/// What holds for all bytes: no exception, an end at the limit, the same answer however they are cut; and what is written is
/// read back. A failure prints the seed that repeats it.
/// </summary>
internal sealed class RandomHeaderTests
{
    private const int Limit = 600;

    private static readonly Sample[] _samples = [.. Samples.All.Where(static sample => sample.Bytes.Length < Limit)];

    private static readonly Gen<byte[]> _mutated = Gen.Select(
        Gen.Int[0, _samples.Length - 1], Gen.Select(Gen.Int[0, 4], Gen.Int[0, Limit], Gen.Byte).Array[1, 4]).Select(Mutate);

    // TLVs of any type and length, some with a length of their own.
    private static readonly Gen<byte[]> _tlv = Gen.Select(
        Gen.OneOf(Gen.OneOf<byte>(1, 2, 3, 4, 5, 0x20, 0x21), Gen.Byte), Gen.Byte.Array[0, 20], Gen.Int[0, 40]).Select(
        static (type, value, length) => Tlv(type, value, length < 36 ? value.Length : length - 20));

    private static readonly Gen<byte[]> _binary = Gen.Select(
        Gen.OneOf(Gen.OneOf<byte>(0x20, 0x21), Gen.Byte),
        Gen.OneOf(Gen.OneOf<byte>(0x00, 0x11, 0x21, 0x31), Gen.Byte),
        _tlv.Array[0, 6]).Select(static (command, family, tlvs) =>
        {
            int block = family switch { 0x11 => 12, 0x21 => 36, 0x31 => 216, _ => 0 };
            return Version2(command, family, [.. new byte[block], .. tlvs.SelectMany(static tlv => tlv)]);
        });

    private static readonly Gen<byte[]> _line = Gen.Select(
        Gen.OneOf("TCP4 ", "TCP6 ", "UNKNOWN", "UNKNOWN "), Gen.Char["0129af:. \r\nF"].Array[0, 120]).Select(
        static (protocol, text) => Text($"PROXY {protocol}{new string(text)}\r\n"));

    private static readonly Gen<byte[]> _anything = Gen.Byte.Array[0, 300];

    private static readonly Gen<IPAddress> _address = Gen.OneOf(
        Gen.Byte.Array[4].Select(static bytes => new IPAddress(bytes)),
        Gen.Byte.Array[4].Select(static bytes => new IPAddress(bytes).MapToIPv6()),
        Gen.Byte.Array[16].Select(static bytes => new IPAddress(bytes)),
        Gen.OneOf<byte>(0, 0, 0, 0xFF, 1).Array[16].Select(static bytes => new IPAddress(bytes)));

    private static readonly Gen<IPEndPoint> _endPoint =
        Gen.Select(_address, Gen.Int[0, 65535]).Select(static (address, port) => new IPEndPoint(address, port));

    [Test]
    public void Mutated_headers_have_one_answer() => _mutated.Sample(HasOneAnswer, iter: 3000);

    [Test]
    public void Random_binary_headers_have_one_answer() => _binary.Sample(HasOneAnswer, iter: 3000);

    [Test]
    public void Random_lines_have_one_answer() => _line.Sample(HasOneAnswer, iter: 3000);

    [Test]
    public void Random_bytes_have_one_answer() => _anything.Sample(HasOneAnswer, iter: 1000);

    [Test]
    public void Random_bytes_after_a_signature_have_one_answer() =>
        _anything.Select(static bytes => (byte[])[.. WithTlvs()[..12], .. bytes]).Sample(HasOneAnswer, iter: 2000);

    [Test]
    public void What_version_1_says_is_read_back() => Gen.Select(_endPoint, _endPoint).Sample(
        static (source, destination) => IsReadBack(new ProxyHeaderContent
        {
            Version = ProxyProtocolVersion.V1,
            Source = source,
            Destination = destination,
        }),
        iter: 3000);

    [Test]
    public void What_version_2_says_is_read_back() => Gen.Select(
        _endPoint,
        _endPoint,
        Gen.Int[0, 63],
        Gen.Char['a', 'z'].Array[0, 255],
        Gen.Byte.Array[0, 255],
        Gen.Byte.Array[0, 128],
        Gen.UInt).Sample(
        static (source, destination, tlvs, name, alpn, id, verify) => IsReadBack(new ProxyHeaderContent
        {
            Version = ProxyProtocolVersion.V2,
            Source = source,
            Destination = destination,
            Tlvs = (ProxyTlvs)tlvs,
            Authority = name.Length == 0 ? null : new string(name),
            Alpn = alpn,
            UniqueId = id,
            Ssl = new ProxySsl((ProxySslClient)(verify & 7), verify)
            {
                Version = "TLSv1.2",
                CommonName = name.Length == 0 ? null : new string(name),
            },
        }),
        iter: 3000);

    [Test]
    public void What_was_received_is_sent_on_unchanged() => Gen.Select(Gen.Byte[0x40, 0xFF], Gen.Byte.Array[0, 60]).Array[0, 10].Sample(
        static tlvs =>
        {
            byte[] received = [.. tlvs.SelectMany(static tlv => Tlv(tlv.Item1, tlv.Item2))];
            byte[] sent = WriterTests.Write(new ProxyHeaderContent
            {
                Version = ProxyProtocolVersion.V2,
                Source = IPEndPoint.Parse("192.0.2.1:56324"),
                Destination = IPEndPoint.Parse("198.51.100.7:443"),
                Tlvs = ProxyTlvs.Received,
                Received = Answer.Header(WithTlvs(received)).Tlvs,
            });
            Assert.That(sent, Is.EqualTo(WithTlvs(received)));
        },
        iter: 1000);

    private static void HasOneAnswer(byte[] received)
    {
        Answer whole = Answer.To(received, limit: Limit);
        for (int end = 0; end <= received.Length; end++)
        {
            Answer answer = Answer.To(received.AsSpan(0, end), limit: Limit);
            if (answer.Status == ProxyHeaderStatus.NeedMore ? end >= Limit : answer != whole)
            {
                Assert.Fail($"{Convert.ToHexString(received)}: {answer} after {end} bytes, {whole} after all");
            }
        }
    }

    private static void IsReadBack(ProxyHeaderContent content)
    {
        ProxyHeader header = Answer.Header(WriterTests.Write(content));
        (IPEndPoint source, IPEndPoint destination) = InOneFamily((IPEndPoint)content.Source!, (IPEndPoint)content.Destination!);

        Assert.That((header.Version, header.Source, header.Destination), Is.EqualTo((content.Version, source, destination)));
        Assert.That(header.Authority, Is.EqualTo(content.Tlvs.HasFlag(ProxyTlvs.Authority) ? content.Authority : null));
        Assert.That(header.Alpn.ToArray(), Is.EqualTo(content.Tlvs.HasFlag(ProxyTlvs.Alpn) ? content.Alpn.ToArray() : []));
        Assert.That(
            header.UniqueId.ToArray(), Is.EqualTo(content.Tlvs.HasFlag(ProxyTlvs.UniqueId) ? content.UniqueId.ToArray() : []));
        ProxySsl? ssl = header.Ssl is null ? null : header.Ssl with { Others = default };
        Assert.That(ssl, Is.EqualTo(content.Tlvs.HasFlag(ProxyTlvs.Ssl) ? content.Ssl : null));
    }

    /// <summary>Both as IPv4 where both can be, else both as IPv6.</summary>
    private static (IPEndPoint Source, IPEndPoint Destination) InOneFamily(IPEndPoint source, IPEndPoint destination)
    {
        IPAddress from = source.Address.MapToIPv6();
        IPAddress to = destination.Address.MapToIPv6();
        bool areIPv4 = from.IsIPv4MappedToIPv6 && to.IsIPv4MappedToIPv6;
        return (
            new IPEndPoint(areIPv4 ? from.MapToIPv4() : from, source.Port),
            new IPEndPoint(areIPv4 ? to.MapToIPv4() : to, destination.Port));
    }

    private static byte[] Mutate(int sample, (int Kind, int At, byte Value)[] changes)
    {
        List<byte> bytes = [.. _samples[sample].Bytes];
        foreach ((int kind, int at, byte value) in changes)
        {
            int place = at % (bytes.Count + 1);
            switch (kind)
            {
                case 0: bytes.Insert(place, value); break;
                case 1 when place < bytes.Count: bytes.RemoveAt(place); break;
                case 2 when place < bytes.Count: bytes[place] ^= (byte)(1 << (value % 8)); break;
                case 3 when place < bytes.Count: bytes[place] = value; break;
                case 4: bytes.InsertRange(place, bytes[..place].TakeLast(value)); break;
            }
        }

        return [.. bytes];
    }
}
