using System.Net;
using System.Net.Sockets;
using System.Text;
using ProxyCore.Preread.ProxyProtocol;
using ProxyCore.Tests.Harness;
using static ProxyCore.Tests.Preread.ProxyProtocol.HeaderBytes;

namespace ProxyCore.Tests.Preread.ProxyProtocol;

/// <summary>The bytes of a header that is sent.</summary>
internal sealed class WriterTests
{
    private const ProxyTlvs AllTlvs =
        ProxyTlvs.Authority | ProxyTlvs.Alpn | ProxyTlvs.UniqueId | ProxyTlvs.Ssl | ProxyTlvs.Crc32C | ProxyTlvs.Received;

    private static readonly IPEndPoint _source4 = IPEndPoint.Parse("192.0.2.1:56324");
    private static readonly IPEndPoint _destination4 = IPEndPoint.Parse("198.51.100.7:443");

    [TestCase("192.0.2.1:56324", "198.51.100.7:443", "TCP4 192.0.2.1 198.51.100.7 56324 443")]
    [TestCase("0.0.0.0:0", "255.255.255.255:65535", "TCP4 0.0.0.0 255.255.255.255 0 65535")]
    [TestCase("[2001:db8::1]:56324", "[2001:db8::2]:443", "TCP6 2001:db8::1 2001:db8::2 56324 443")]
    [TestCase("[::]:1", "[::1]:2", "TCP6 :: ::1 1 2")]
    [TestCase("[1::]:1", "[1:0:0:2::]:2", "TCP6 1:: 1:0:0:2:: 1 2")]
    [TestCase("[1:0:2:0:3:0:4:0]:1", "[1:0:0:2:0:0:3:4]:2", "TCP6 1:0:2:0:3:0:4:0 1::2:0:0:3:4 1 2")]
    [TestCase("[::ffff:192.0.2.1]:1", "[::ffff:198.51.100.7]:2", "TCP4 192.0.2.1 198.51.100.7 1 2")]
    [TestCase("192.0.2.1:1", "[::ffff:198.51.100.7]:2", "TCP4 192.0.2.1 198.51.100.7 1 2")]
    [TestCase("[::ffff:192.0.2.1]:1", "[2001:db8::2]:2", "TCP6 ::ffff:c000:201 2001:db8::2 1 2")]
    [TestCase("192.0.2.1:1", "[2001:db8::2]:2", "TCP6 ::ffff:c000:201 2001:db8::2 1 2")]
    [TestCase("[2001:db8::1]:1", "198.51.100.7:2", "TCP6 2001:db8::1 ::ffff:c633:6407 1 2")]
    [TestCase("[fe80::1%3]:1", "[fe80::5efe:192.0.2.1%3]:2", "TCP6 fe80::1 fe80::5efe:c000:201 1 2")]
    [TestCase("[::192.0.2.1]:1", "[64:ff9b::192.0.2.1]:2", "TCP6 ::c000:201 64:ff9b::c000:201 1 2")]
    public void Version_1_is_one_line_in_one_family(string source, string destination, string line)
    {
        byte[] header = Write(Content(ProxyProtocolVersion.V1, source, destination));
        Assert.That(Encoding.ASCII.GetString(header), Is.EqualTo($"PROXY {line}\r\n"));
    }

    [Test]
    public void Version_1_carries_no_tlvs() =>
        Assert.That(
            Write(FullContent() with { Version = ProxyProtocolVersion.V1 }),
            Is.EqualTo(Text("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n")));

    [TestCase("192.0.2.1:56324", "198.51.100.7:443", false)]
    [TestCase("[::ffff:192.0.2.1]:56324", "[::ffff:198.51.100.7]:443", false)]
    [TestCase("[2001:db8::1]:56324", "[2001:db8::2]:443", true)]
    public void Version_2_has_the_addresses_in_one_family(string source, string destination, bool isIPv6) =>
        Assert.That(
            Write(Content(ProxyProtocolVersion.V2, source, destination)),
            Is.EqualTo(isIPv6 ? Version2(Proxy, 0x21, Block6) : Version2(Proxy, 0x11, Block4)));

    [Test]
    public void Version_2_writes_a_mixed_pair_as_IPv6() =>
        Assert.That(
            Answer.Addresses(Answer.Header(Write(Content(ProxyProtocolVersion.V2, "192.0.2.1:1", "[2001:db8::2]:2")))),
            Is.EqualTo("[::ffff:192.0.2.1]:1 > [2001:db8::2]:2"));

    [Test]
    public void The_proxys_own_connection_is_local()
    {
        ProxyHeaderContent content = Content(ProxyProtocolVersion.V2, "192.0.2.1:1", "192.0.2.2:2") with { IsLocal = true };
        Assert.That(Write(content), Is.EqualTo(Version2(Local, 0x00, [])));
        Assert.That(Write(content with { Version = ProxyProtocolVersion.V1 }), Is.EqualTo(Text("PROXY UNKNOWN\r\n")));
    }

    [Test]
    [NotUnderWine(NotUnderWineAttribute.NoUnixSockets)]
    public void A_client_without_an_IP_address_is_local_or_unknown()
    {
        var unix = new UnixDomainSocketEndPoint("/run/client.sock");
        (EndPoint?, EndPoint?)[] pairs = [(unix, unix), (unix, _destination4), (_source4, unix), (null, null)];
        foreach ((EndPoint? source, EndPoint? destination) in pairs)
        {
            var content = new ProxyHeaderContent { Version = ProxyProtocolVersion.V2, Source = source, Destination = destination };
            Assert.That(Write(content), Is.EqualTo(Version2(Local, 0x00, [])));
            Assert.That(Write(content with { Version = ProxyProtocolVersion.V1 }), Is.EqualTo(Text("PROXY UNKNOWN\r\n")));
        }
    }

    [Test]
    public void A_local_header_carries_the_chosen_tlvs()
    {
        ProxyHeaderContent content = FullContent() with { IsLocal = true, Tlvs = ProxyTlvs.Authority };
        Assert.That(Write(content), Is.EqualTo(Version2(Local, 0x00, Tlv(2, "a.example"))));
    }

    [TestCase(ProxyTlvs.None)]
    [TestCase(ProxyTlvs.Alpn)]
    [TestCase(ProxyTlvs.Authority)]
    [TestCase(ProxyTlvs.UniqueId)]
    [TestCase(ProxyTlvs.Ssl)]
    [TestCase(ProxyTlvs.Received)]
    [TestCase(ProxyTlvs.Alpn | ProxyTlvs.Ssl | ProxyTlvs.Received)]
    public void Only_the_chosen_tlvs_are_written(ProxyTlvs chosen)
    {
        byte[][] expected =
        [
            chosen.HasFlag(ProxyTlvs.Alpn) ? Tlv(1, "h2") : [],
            chosen.HasFlag(ProxyTlvs.Authority) ? Tlv(2, "a.example") : [],
            chosen.HasFlag(ProxyTlvs.UniqueId) ? Tlv(5, [1, 2]) : [],
            chosen.HasFlag(ProxyTlvs.Ssl)
                ? Ssl(1, 19, Tlv(0x21, "TLSv1.3"), Tlv(0x23, "TLS_AES_128_GCM_SHA256"), Tlv(0x26, "X25519"))
                : [],
            chosen.HasFlag(ProxyTlvs.Received) ? Tlv(0xEA, [9]) : [],
        ];
        Assert.That(Write(FullContent() with { Tlvs = chosen }), Is.EqualTo(WithTlvs(expected)));
    }

    [Test]
    public void The_checksum_comes_last_and_covers_all()
    {
        byte[] header = Write(FullContent());
        Assert.That(header[^7..^4], Is.EqualTo(new byte[] { 3, 0, 4 }));

        byte[] zeroed = [.. header];
        zeroed.AsSpan(^4).Clear();
        Assert.That(header, Is.EqualTo(Sealed(zeroed)));
    }

    [Test]
    public void A_checksum_does_not_depend_on_what_the_destination_held()
    {
        byte[] destination = [.. Enumerable.Repeat((byte)0xAA, ProxyHeaderWriter.MeasureLength(FullContent()))];
        ProxyHeaderWriter.Write(destination, FullContent());
        Assert.That(destination, Is.EqualTo(Write(FullContent())));
    }

    [Test]
    public void Received_tlvs_are_sent_on_without_checksum_and_padding()
    {
        byte[] received =
            [.. Tlv(0xEA, [1]), .. Tlv(4, [0, 0]), .. Tlv(2, "old.example"), .. Tlv(3, new byte[4]), .. Tlv(0xEA, [2])];
        ProxyHeaderContent content = Content() with { Tlvs = ProxyTlvs.Received, Received = received };
        Assert.That(Write(content), Is.EqualTo(WithTlvs(Tlv(0xEA, [1]), Tlv(2, "old.example"), Tlv(0xEA, [2]))));
    }

    [Test]
    public void Received_tlvs_give_way_to_those_written_anew()
    {
        byte[] received = [.. Tlv(1, "h1"), .. Tlv(2, "old.example"), .. Tlv(5, "old"), .. Ssl(0, 0), .. Tlv(0xEA, [1])];
        ProxyHeader header = Answer.Header(Write(FullContent() with { Received = received }));
        byte[] rest = header.Tlvs.ToArray()[^(4 + 7)..];

        Assert.That(header.Authority, Is.EqualTo("a.example"));
        Assert.That(Encoding.Latin1.GetString(header.Tlvs.Span), Does.Not.Contain("old").And.Not.Contain("h1"));
        Assert.That(rest[..4], Is.EqualTo(Tlv(0xEA, [1])));
    }

    [Test]
    public void A_received_tlv_goes_on_when_there_is_nothing_to_write_anew()
    {
        ProxyHeaderContent content = Content() with { Tlvs = AllTlvs, Received = Tlv(2, "old.example") };
        Assert.That(Answer.Header(Write(content)).Authority, Is.EqualTo("old.example"));
    }

    [Test]
    public void A_value_that_is_too_long_is_left_out()
    {
        ProxyHeaderContent content = Content() with
        {
            Tlvs = ProxyTlvs.Authority | ProxyTlvs.Alpn | ProxyTlvs.UniqueId | ProxyTlvs.Ssl | ProxyTlvs.Received,
            Authority = new string('ä', 128),
            Alpn = new byte[256],
            UniqueId = new byte[129],
            Ssl = new ProxySsl(0, 1) { CommonName = new string('n', 256), Others = Tlv(0x28, new byte[4094]) },
            Received = Tlv(0xE0, new byte[ProxyHeaderReader.LargestLimit - 2]),
        };
        Assert.That(Write(content), Is.EqualTo(WithTlvs(Ssl(0, 1))));
    }

    [Test]
    public void The_largest_header_has_the_length_that_is_stated()
    {
        string text = new('t', 255);
        ProxyHeaderContent content = Content(ProxyProtocolVersion.V2, "[2001:db8::1]:1", "[2001:db8::2]:2") with
        {
            Tlvs = AllTlvs,
            Authority = text,
            Alpn = new byte[255],
            UniqueId = new byte[128],
            Ssl = new ProxySsl(ProxySslClient.OverTls, 0)
            {
                Version = text,
                CommonName = text,
                Cipher = text,
                SignatureAlgorithm = text,
                KeyAlgorithm = text,
                Others = Tlv(0x28, new byte[4093]),
            },
            Received = Tlv(0xE0, new byte[ProxyHeaderReader.LargestLimit - 3]),
        };

        Assert.That(ProxyHeaderWriter.MeasureLength(content), Is.EqualTo(ProxyHeaderWriter.MaxLength));
        Assert.That(Write(content), Has.Length.EqualTo(ProxyHeaderWriter.MaxLength));
        Assert.That(ProxyHeaderWriter.MaxLength, Is.LessThanOrEqualTo(16 + ushort.MaxValue));
    }

    [Test]
    public void A_destination_that_is_too_small_is_refused()
    {
        byte[] small = new byte[ProxyHeaderWriter.MeasureLength(FullContent()) - 1];
        Assert.That(() => ProxyHeaderWriter.Write(small, FullContent()), Throws.ArgumentException);
    }

    [TestCase(ProxyProtocolVersion.V1)]
    [TestCase(ProxyProtocolVersion.V2)]
    public void Writing_allocates_nothing(ProxyProtocolVersion version)
    {
        byte[] destination = new byte[ProxyHeaderWriter.MaxLength];
        ProxyHeaderContent content = FullContent() with { Version = version };
        ProxyHeaderWriter.Write(destination, content);

        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                ProxyHeaderWriter.Write(destination, content);
            }
        });
    }

    /// <summary>Written into room of exactly the measured length, where version 2 must fill it.</summary>
    internal static byte[] Write(ProxyHeaderContent content)
    {
        byte[] destination = new byte[ProxyHeaderWriter.MeasureLength(content)];
        int length = ProxyHeaderWriter.Write(destination, content);
        bool isExact = content.Version == ProxyProtocolVersion.V2;
        Assert.That(length, isExact ? Is.EqualTo(destination.Length) : Is.AtMost(destination.Length));
        return destination[..length];
    }

    private static ProxyHeaderContent Content(
        ProxyProtocolVersion version = ProxyProtocolVersion.V2, string? source = null, string? destination = null) =>
        new()
        {
            Version = version,
            Source = source is null ? _source4 : IPEndPoint.Parse(source),
            Destination = destination is null ? _destination4 : IPEndPoint.Parse(destination),
        };

    private static ProxyHeaderContent FullContent() => Content() with
    {
        Tlvs = AllTlvs,
        Authority = "a.example",
        Alpn = "h2"u8.ToArray(),
        UniqueId = new byte[] { 1, 2 },
        Ssl = new ProxySsl(ProxySslClient.OverTls, 19)
        {
            Version = "TLSv1.3",
            Cipher = "TLS_AES_128_GCM_SHA256",
            Others = Tlv(0x26, "X25519"),
        },
        Received = Tlv(0xEA, [9]),
    };
}
