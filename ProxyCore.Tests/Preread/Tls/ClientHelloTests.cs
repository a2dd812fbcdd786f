using System.Text;
using ProxyCore.Preread.Tls;
using static ProxyCore.Tests.Preread.Tls.HelloBytes;

namespace ProxyCore.Tests.Preread.Tls;

/// <summary>What a valid ClientHello says.</summary>
internal sealed class ClientHelloTests
{
    [Test]
    public void Name_protocols_and_extensions_are_read()
    {
        byte[] hello = Hello(
            Extension(GreaseType),
            Extension(EncryptedHelloType, 0, 0, 1, 0, 1, 7),
            ServerName("A.Example."),
            Alpn("h2", "http/1.1"),
            Extension(EarlyDataType),
            Extension(PaddingType, new byte[200]),
            Extension(PreSharedKeyType, 1, 2, 3));
        Assert.That(
            Answer.To(hello),
            Is.EqualTo(new Answer(ClientHelloStatus.Complete, Name: "a.example", FirstAlpn: "h2", Encrypted: true, Early: true)));
    }

    [Test]
    public void A_hello_of_TLS_1_2_may_have_no_extensions() =>
        Assert.That(Answer.To(Records(Message(Body(null, session: 0)))), Is.EqualTo(new Answer(ClientHelloStatus.Complete)));

    [Test]
    public void An_empty_list_of_extensions_is_valid() =>
        Assert.That(Answer.To(Hello()), Is.EqualTo(new Answer(ClientHelloStatus.Complete)));

    [Test]
    public void Two_hundred_cipher_suites_and_padding_are_skipped() => Assert.That(
        Answer.To(Records(Message(Body([.. Extension(PaddingType, new byte[9000]), .. ServerName("a.example")], suites: 200)))),
        Is.EqualTo(new Answer(ClientHelloStatus.Complete, Name: "a.example")));

    [Test]
    public void What_follows_the_hello_is_not_looked_at()
    {
        byte[] hello = Hello(ServerName("a.example"));
        foreach (byte type in (byte[])[20, 21, 22, 23, 0xFF])
        {
            Assert.That(Answer.To([.. hello, type, 9, 9, 0, 0]), Is.EqualTo(Answer.To(hello)));
        }
    }

    [Test]
    public void A_second_message_in_the_record_of_the_hello_is_not_looked_at() => Assert.That(
        Answer.To(Record([.. Message(Body(ServerName("a.example"))), 99, 99])).Name, Is.EqualTo("a.example"));

    [Test]
    public void An_address_as_name_counts_as_no_name() =>
        Assert.That(Answer.To(Hello(ServerName("192.0.2.7"))), Is.EqualTo(new Answer(ClientHelloStatus.Complete)));

    [Test]
    public void Names_of_unknown_types_are_skipped() => Assert.That(
        Answer.To(Hello(Extension(ServerNameType, Vector16([9, .. Vector16(1, 2), .. HostName("a.example"), 7, .. Vector16(0)])))).Name,
        Is.EqualTo("a.example"));

    [Test]
    public void The_inner_form_of_an_encrypted_hello_is_in_clear() =>
        Assert.That(Answer.To(Hello(Extension(EncryptedHelloType, 1))).Encrypted, Is.False);

    [TestCase("h2", ExpectedResult = "h2")]
    [TestCase("\u001b[2J", ExpectedResult = "0x1B5B324A")]
    [TestCase("a b", ExpectedResult = "0x612062")]
    [TestCase("\u00FF", ExpectedResult = "0xFF")]
    public string? The_first_protocol_is_safe_to_print(string protocol) => Answer.To(Hello(Alpn(protocol))).FirstAlpn;

    [Test]
    public void Protocols_without_meaning_are_not_the_first() =>
        Assert.That(Answer.To(Hello(Alpn("\u003A\u003A", "\u00EA\u00EA", "\u000A\u001A"))).FirstAlpn, Is.EqualTo("0x0A1A"));

    [Test]
    public void Only_the_exact_bytes_of_a_protocol_are_offered()
    {
        ClientHello hello = Read(Hello(Alpn("h2", "http/1.1")));
        Assert.That(hello.Offers("h2"u8));
        Assert.That(hello.Offers("http/1.1"u8));
        foreach (string other in (string[])["H2", "h", "h2c", "http/1.", "", "\u0002h2"])
        {
            Assert.That(hello.Offers(Encoding.Latin1.GetBytes(other)), Is.False, other);
        }
    }

    [Test]
    public void The_order_of_protocols_is_the_clients_preference()
    {
        ClientHello hello = Read(Hello(Alpn("h2", "http/1.1")));
        Assert.That(hello.PreferenceFor("h2"u8), Is.Zero);
        Assert.That(hello.PreferenceFor("http/1.1"u8), Is.EqualTo(1));
        Assert.That(hello.PreferenceFor("imap"u8), Is.EqualTo(-1));
    }

    private static ClientHello Read(byte[] received)
    {
        var scan = new ClientHelloScan(ClientHelloScan.DefaultLimit);
        Assert.That(scan.Read(received), Is.EqualTo(ClientHelloStatus.Complete));
        return scan.Hello!;
    }
}
