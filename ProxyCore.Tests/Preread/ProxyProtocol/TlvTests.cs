using ProxyCore.Preread.ProxyProtocol;
using static ProxyCore.Tests.Preread.ProxyProtocol.HeaderBytes;

namespace ProxyCore.Tests.Preread.ProxyProtocol;

/// <summary>What is learned from the TLVs of a header.</summary>
internal sealed class TlvTests
{
    [Test]
    public void Each_known_tlv_is_read()
    {
        ProxyHeader header = Answer.Header(Samples.AllTlvs());

        Assert.That(header.Authority, Is.EqualTo("münchen.example"));
        Assert.That(header.Alpn.ToArray(), Is.EqualTo("h2"u8.ToArray()));
        Assert.That(header.UniqueId.ToArray(), Is.EqualTo(new byte[] { 0, 1, 2, 0xFF }));
        Assert.That(header.Ssl, Is.Not.Null);
    }

    [Test]
    public void The_tls_of_the_client_is_read_with_its_sub_tlvs()
    {
        ProxySsl ssl = Answer.Header(Samples.AllTlvs()).Ssl!;

        Assert.That(ssl with { Others = default }, Is.EqualTo(
            new ProxySsl(ProxySslClient.OverTls | ProxySslClient.CertificateOnConnection | ProxySslClient.CertificateInSession, 0)
            {
                Version = "TLSv1.3",
                CommonName = "Zoë Client",
                Cipher = "TLS_AES_256_GCM_SHA384",
                SignatureAlgorithm = "SHA256",
                KeyAlgorithm = "RSA2048",
            }));
        Assert.That(ssl.Others.ToArray(), Is.EqualTo(Tlv(0x26, "X25519")));
    }

    [Test]
    public void A_verification_result_has_four_bytes_in_network_order() =>
        Assert.That(Answer.Header(WithTlvs(Ssl(0, 0x80000013))).Ssl!.Verify, Is.EqualTo(0x80000013));

    [Test]
    public void All_tlvs_are_kept_as_they_came()
    {
        byte[][] tlvs = [Tlv(0xEA, [1, 2, 3]), Tlv(4, [0]), Tlv(2, "a.example"), Tlv(0xEA, [])];
        Assert.That(Answer.Header(WithTlvs(tlvs)).Tlvs.ToArray(), Is.EqualTo(tlvs.SelectMany(static tlv => tlv)));
    }

    [Test]
    public void What_is_kept_does_not_change_with_the_receive_buffer()
    {
        byte[] received = WithTlvs(Tlv(1, "h2"), Tlv(5, "id"));
        ProxyHeader header = Answer.Header(received);
        Array.Clear(received);

        Assert.That(header.Alpn.ToArray(), Is.EqualTo("h2"u8.ToArray()));
        Assert.That(header.Tlvs.ToArray(), Is.EqualTo((byte[])[.. Tlv(1, "h2"), .. Tlv(5, "id")]));
    }

    [Test]
    public void Of_a_tlv_that_is_there_twice_the_first_counts()
    {
        ProxyHeader header = Answer.Header(WithTlvs(
            Tlv(2, "first.example"), Tlv(2, "second.example"), Tlv(1, "h2"), Tlv(1, "h3"), Tlv(5, "1"), Tlv(5, "2"), Ssl(0, 1), Ssl(0, 2)));

        Assert.That(header.Authority, Is.EqualTo("first.example"));
        Assert.That(header.Alpn.ToArray(), Is.EqualTo("h2"u8.ToArray()));
        Assert.That(header.UniqueId.ToArray(), Is.EqualTo("1"u8.ToArray()));
        Assert.That(header.Ssl!.Verify, Is.EqualTo(1));
    }

    [Test]
    public void A_header_without_tlvs_or_with_empty_ones_knows_nothing()
    {
        foreach (ProxyHeader header in new[] { Answer.Header(WithTlvs()), Answer.Header(WithTlvs(Tlv(1, []), Tlv(2, []), Tlv(5, []))) })
        {
            Assert.That((header.Authority, header.Ssl), Is.EqualTo(((string?)null, (ProxySsl?)null)));
            Assert.That(header.Alpn.IsEmpty && header.UniqueId.IsEmpty, Is.True);
        }
    }

    [Test]
    public void A_local_header_has_no_tlvs_whatever_follows() =>
        Assert.That(Answer.Header(Version2(Local, 0x11, [.. Block4, .. Tlv(2, "a.example")])).Tlvs.IsEmpty, Is.True);

    [Test]
    public void An_unspecified_header_has_the_tlvs_that_it_carries() =>
        Assert.That(Answer.Header(Version2(Proxy, 0x00, Tlv(2, "a.example"))).Authority, Is.EqualTo("a.example"));

    [TestCase("a\nb")]
    [TestCase("\u001b]0;title\u0007")]
    [TestCase("")]
    [TestCase("a\u2028b")]
    public void A_common_name_that_is_not_safe_to_print_is_unknown(string name)
    {
        ProxySsl ssl = Answer.Header(WithTlvs(Ssl(1, 0, Tlv(0x21, "TLSv1.2"), Tlv(0x22, name)))).Ssl!;
        Assert.That((ssl.Version, ssl.CommonName), Is.EqualTo(("TLSv1.2", (string?)null)));
    }

    [TestCase(255, true)]
    [TestCase(256, false)]
    public void A_common_name_is_known_up_to_255_bytes(int length, bool isKnown)
    {
        ProxySsl ssl = Answer.Header(WithTlvs(Ssl(1, 0, Tlv(0x21, "TLSv1.2"), Tlv(0x22, new string('n', length))))).Ssl!;
        Assert.That(ssl.CommonName?.Length, Is.EqualTo(isKnown ? length : null));
    }

    [Test]
    public void An_application_protocol_longer_than_a_hello_can_carry_is_unknown() =>
        Assert.That(Answer.Header(WithTlvs(Tlv(1, new byte[256]))).Alpn.IsEmpty, Is.True);
}
