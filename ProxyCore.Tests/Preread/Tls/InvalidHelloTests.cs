using ProxyCore.Preread.Tls;
using static ProxyCore.Tests.Preread.Tls.HelloBytes;

namespace ProxyCore.Tests.Preread.Tls;

/// <summary>What is not TLS, and what is TLS that cannot be read.</summary>
internal sealed class InvalidHelloTests
{
    private static readonly byte[] _name = ServerName("a.example");

    private static IEnumerable<TestCaseData> Invalid =>
    [
        Case(ClientHelloError.Ssl2, [0x80, 46, 1]),
        Case(ClientHelloError.RecordVersion, [22, 2]),
        Case(ClientHelloError.RecordTooLong, [22, 3, 1, 0x40, 1]),
        Case(ClientHelloError.EmptyRecord, [22, 3, 1, 0, 0]),
        Case(ClientHelloError.EmptyRecord, [.. Record([1, 0]), 22, 3, 1, 0, 0]),
        Case(ClientHelloError.OtherRecord, [.. Record([1, 0]), 20]),
        Case(ClientHelloError.OtherRecord, [.. Record([1, 0]), 23]),
        Case(ClientHelloError.OtherMessage, Record([2])),
        Case(ClientHelloError.TooLong, Record([1, 0, 0x3F, 0xFD])),
        Case(ClientHelloError.TooLong, Record([1, 0xFF, 0xFF, 0xFF])),
        Case(ClientHelloError.Fields, Records(Message([]))),
        Case(ClientHelloError.Fields, Records(Message(Body(_name, session: 33)))),
        Case(ClientHelloError.Fields, Records(Message(Body(_name, suites: 0)))),
        Case(ClientHelloError.Fields, Records(Message(Body(_name, compressions: [])))),
        Case(ClientHelloError.Fields, Records(Message([.. Body(_name), 0]))),
        Case(ClientHelloError.Fields, Records(Message([.. Body(null), 0]))),
        Case(ClientHelloError.Fields, Records(Message(Body(_name)[..^1]))),
        Case(ClientHelloError.Fields, Hello(_name, [0])),
        Case(ClientHelloError.Fields, Hello(_name, [0, 21, 0, 1])),
        Case(ClientHelloError.DuplicateExtension, Hello(_name, Alpn("h2"), _name)),
        Case(ClientHelloError.DuplicateExtension, Hello(Extension(GreaseType), _name, Extension(GreaseType))),
        Case(ClientHelloError.DuplicateExtension, Hello(Extension(0xFFFF), _name, Extension(0xFFFF))),
        Case(ClientHelloError.PreSharedKeyNotLast, Hello(Extension(PreSharedKeyType, 1), _name)),
        Case(ClientHelloError.ServerNameList, WithNames([])),
        Case(ClientHelloError.ServerNameList, WithNames(Vector16())),
        Case(ClientHelloError.ServerNameList, WithNames(Vector16(HostName("")))),
        Case(ClientHelloError.ServerNameList, WithNames([.. Vector16(HostName("a")), 0])),
        Case(ClientHelloError.ServerNameList, WithNames(Vector16([.. HostName("a"), 0]))),
        Case(ClientHelloError.ServerNameList, WithNames([0, 9, .. HostName("a")])),
        Case(ClientHelloError.SeveralServerNames, WithNames(Vector16([.. HostName("a"), .. HostName("a")]))),
        Case(ClientHelloError.ServerName, Hello(ServerName("a\0.example"))),
        Case(ClientHelloError.ServerName, Hello(ServerName("\u00E9.example"))),
        Case(ClientHelloError.AlpnList, WithAlpn([])),
        Case(ClientHelloError.AlpnList, WithAlpn(Vector16())),
        Case(ClientHelloError.AlpnList, WithAlpn(Vector16(0))),
        Case(ClientHelloError.AlpnList, WithAlpn(Vector16(2, 1))),
        Case(ClientHelloError.AlpnList, WithAlpn([.. Vector16(1, 1), 0])),
    ];

    [TestCaseSource(nameof(Invalid))]
    public void Faults_are_found_at_the_last_byte_that_makes_them_certain_whatever_follows(object fault, byte[] received)
    {
        Assert.That(Answer.To(received.AsSpan()[..^1]).Status, Is.EqualTo(ClientHelloStatus.NeedMore));
        Assert.That(Answer.To(received), Is.EqualTo(Answer.Invalid((ClientHelloError)fault)));
        Assert.That(Answer.ByteByByte([.. received, .. Hello(_name)]), Is.EqualTo(Answer.Invalid((ClientHelloError)fault)));
    }

    [TestCase("GET / HTTP/1.1\r\n")]
    [TestCase("\0\0\0\u0008\u0004\u00D2\u0016\u002F")]
    [TestCase("\u0015\u0003\u0001")]
    [TestCase("SSH-2.0-x\r\n")]
    public void Another_first_byte_than_that_of_a_handshake_is_not_TLS_at_once(string received) => Assert.That(
        Answer.To([(byte)received[0]]), Is.EqualTo(new Answer(ClientHelloStatus.NotTls)));

    [Test]
    public void A_first_byte_with_the_high_bit_may_be_SSL_2_until_the_third()
    {
        Assert.That(Answer.To([0x80, 46]).Status, Is.EqualTo(ClientHelloStatus.NeedMore));
        Assert.That(Answer.To([0x80, 46, 2]).Status, Is.EqualTo(ClientHelloStatus.NotTls));
    }

    [Test]
    public void Nothing_received_needs_more() => Assert.That(Answer.To([]).Status, Is.EqualTo(ClientHelloStatus.NeedMore));

    [Test]
    public void Each_fault_has_words_and_a_fatal_alert_of_its_own()
    {
        ClientHelloError[] faults = [.. Enum.GetValues<ClientHelloError>().Where(static error => error != ClientHelloError.None)];
        Assert.That(faults.Select(static fault => fault.Describe()), Is.Unique);
        foreach (ClientHelloError fault in faults)
        {
            Assert.That(TlsAlert.For(fault)[..6].ToArray(), Is.EqualTo(new byte[] { 0x15, 3, 1, 0, 2, 2 }), fault.ToString());
        }
    }

    [TestCase(ClientHelloError.Ssl2, 70)]
    [TestCase(ClientHelloError.RecordTooLong, 22)]
    [TestCase(ClientHelloError.EmptyRecord, 10)]
    [TestCase(ClientHelloError.Fields, 50)]
    [TestCase(ClientHelloError.DuplicateExtension, 47)]
    [TestCase(ClientHelloError.TooLong, 80)]
    public void The_alert_of_a_fault_is_that_of_the_RFC(object fault, byte alert) =>
        Assert.That(TlsAlert.For((ClientHelloError)fault)[6], Is.EqualTo(alert));

    [Test]
    public void An_unknown_name_has_an_alert() =>
        Assert.That(TlsAlert.UnrecognizedName.ToArray(), Is.EqualTo(Convert.FromHexString("15030100020270")));

    private static TestCaseData Case(ClientHelloError fault, byte[] received) => new(fault, received);

    private static byte[] WithNames(byte[] data) => Hello(Extension(ServerNameType, data));

    private static byte[] WithAlpn(byte[] data) => Hello(Extension(AlpnType, data));
}
