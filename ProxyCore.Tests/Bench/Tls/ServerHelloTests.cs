using System.Net.Security;
using System.Runtime.Versioning;
using ProxyCore.Bench.Load.Tls;

namespace ProxyCore.Tests.Bench.Tls;

[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class ServerHelloTests
{
    private static readonly byte[] _supportedVersions = [0, 43, 0, 2, 3, 4];
    private static readonly byte[] _preSharedKey = [0, 41, 0, 2, 0, 0];

    [Test]
    public void Read_tells_the_cipher_suite_and_the_group_of_a_full_handshake()
    {
        ServerHello hello = ServerHello.Read(Record(_supportedVersions, KeyShare(29)))!;

        Assert.That(hello, Is.EqualTo(new ServerHello(TlsCipherSuite.TLS_AES_128_GCM_SHA256, 29, IsResumed: false)));
        Assert.That(hello.Negotiated, Is.EqualTo("TLS 1.3, TLS_AES_128_GCM_SHA256, X25519"));
    }

    [Test]
    public void Read_tells_that_a_session_was_resumed() =>
        Assert.That(ServerHello.Read(Record(_preSharedKey, _supportedVersions, KeyShare(23)))!.IsResumed, Is.True);

    [Test]
    public void Read_is_null_until_the_record_is_complete()
    {
        byte[] record = Record(_supportedVersions, KeyShare(29));

        for (int length = 0; length < record.Length; length++)
        {
            Assert.That(ServerHello.Read(record.AsSpan(0, length)), Is.Null, $"{length} bytes");
        }

        Assert.That(ServerHello.Read([.. record, 23, 3, 3, 0, 9]), Is.Not.Null);
    }

    [Test]
    public void Read_refuses_an_older_version() =>
        Assert.That(() => ServerHello.Read(Record(KeyShare(29))), Throws.TypeOf<InvalidDataException>().With.Message.Contains("TLS 1.3"));

    [Test]
    public void Read_refuses_an_alert() =>
        Assert.That(() => ServerHello.Read([21, 3, 3, 0, 2, 2, 40]), Throws.TypeOf<InvalidDataException>().With.Message.Contains("not a hello"));

    private static byte[] KeyShare(byte group) => [0, 51, 0, 36, 0, group, 0, 32, .. new byte[32]];

    private static byte[] Record(params byte[][] extensions)
    {
        byte[] all = [.. extensions.SelectMany(static one => one)];
        // The version of 1.2 that all have, a random, a session's name of 32 bytes, TLS_AES_128_GCM_SHA256, no compression.
        byte[] body = [3, 3, .. new byte[32], 32, .. new byte[32], 0x13, 0x01, 0, 0, (byte)all.Length, .. all];
        return [22, 3, 3, 0, (byte)(body.Length + 4), 2, 0, 0, (byte)body.Length, .. body];
    }
}
