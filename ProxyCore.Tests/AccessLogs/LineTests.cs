using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ProxyCore.Diagnostics;

namespace ProxyCore.Tests.AccessLogs;

/// <summary>What a line looks like, and that nobody's name can make it look like something else.</summary>
internal sealed class LineTests
{
    private const string Bare = "2026-11-25T03:12:45.123Z 7 web - - ConnectRefused upstream/connecting attempts=- up=0 down=0 connect=- first=- duration=0.0ms sender=- destination=- name=- alpn=- tls=- cipher=- subject=- upstreamTls=- toxic=-\n";

    [Test]
    public void Text_is_one_line_of_columns_and_figures() => Assert.That(
        Text(Sample.Report()),
        Is.EqualTo("2026-11-25T03:12:45.123Z 42 web 192.0.2.7:51234 10.0.0.2:5432 ClientFin client/relaying attempts=1 up=1234 down=56789 connect=0.8ms first=2.1ms duration=1.204s sender=- destination=- name=- alpn=- tls=- cipher=- subject=- upstreamTls=- toxic=-\n"));

    [Test]
    public void What_the_opening_has_learned_stands_at_the_end() => Assert.That(
        Text(new ConnectionReport
        {
            Id = 1,
            Route = "web",
            Sender = IPEndPoint.Parse("10.0.0.9:40112"),
            Destination = IPEndPoint.Parse("192.0.2.1:443"),
            ServerName = "a.example",
            Alpn = "h2",
            ClientTls = new TlsInfo { Version = "TLSv1.3", Cipher = "TLS_AES_128_GCM_SHA256", PeerSubject = "CN=robot,O=a b" },
            UpstreamTls = new TlsInfo { Version = "TLSv1.2", Cipher = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" },
            Toxic = "cut",
        }),
        Does.EndWith(" sender=10.0.0.9:40112 destination=192.0.2.1:443 name=a.example alpn=h2 tls=TLSv1.3 cipher=TLS_AES_128_GCM_SHA256 subject=CN=robot,O=a_b upstreamTls=TLSv1.2 toxic=cut\n"));

    [Test]
    public void What_is_not_known_is_a_dash() => Assert.That(Text(Unknown()), Is.EqualTo(Bare));

    [Test]
    public void Json_is_one_object_with_numbers_as_numbers() => Assert.That(
        Json(Sample.Report()),
        Is.EqualTo("""
            {"time":"2026-11-25T03:12:45.123Z","id":42,"route":"web","client":"192.0.2.7:51234","upstream":"10.0.0.2:5432","reason":"ClientFin","endedBy":"client","phase":"relaying","attempts":1,"bytesToUpstream":1234,"bytesToClient":56789,"connectMs":0.8,"firstByteMs":2.1,"durationMs":1204,"sender":null,"destination":null,"serverName":null,"alpn":null,"tlsVersion":null,"tlsCipher":null,"tlsSubject":null,"upstreamTlsVersion":null,"toxic":null}
            """ + "\n"));

    [Test]
    public void What_is_not_known_is_null_in_json()
    {
        LoggedEnd end = LoggedEnd.Parse(Json(Unknown()));

        Assert.That((end.Client, end.Upstream, end.Attempts, end.ConnectMs, end.FirstByteMs), Is.EqualTo(((string?)null, (string?)null, (int?)null, (double?)null, (double?)null)));
    }

    [Test]
    public void Client_of_a_dual_stack_listener_is_shown_as_it_is() =>
        Assert.That(Text(Sample.Report(client: new IPEndPoint(IPAddress.Parse("::ffff:192.0.2.7"), 1))), Does.Contain(" 192.0.2.7:1 "));

    [TestCase("a\nb")]
    [TestCase("\r\n\0\e[31m")]
    [TestCase("\u202egnol\u2028\u0085")]
    [TestCase("x 1.2.3.4:5 6.7.8.9:10 ClientFin client/relaying")]
    [TestCase("\"},{\"id\":1")]
    [TestCase("\ud800")]
    public void Names_can_neither_break_a_line_nor_add_columns(string name)
    {
        ConnectionReport report = Sample.Report(route: name, upstream: name, client: new UnixDomainSocketEndPoint($"/tmp/{name.Replace("\0", "")}"));

        string text = Text(report);
        Assert.That(text.Split(' '), Has.Length.EqualTo(Text(Sample.Report()).Split(' ').Length));
        Assert.That(text[..^1], Does.Not.Match(@"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]"));
        string json = Json(report);
        Assert.That(json[..^1], Does.Not.Match(@"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]"));
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.That(document.RootElement.EnumerateObject().Count(), Is.EqualTo(23));
        Assert.That(document.RootElement.GetProperty("route").GetString(), Is.EqualTo(Printable.Shorten(name)));
        Assert.That(new AccessLogEvent(new AccessLogFields(Sample.Ended(report))).ToString(), Does.Not.Match(@"[\p{Cc}\p{Cf}]"));
    }

    [Test]
    public void Endless_name_is_cut() =>
        Assert.That(Text(Sample.Report(route: new string('x', 100_000))), Has.Length.LessThan(1000));

    [Test]
    public void Every_reason_and_phase_has_its_word()
    {
        foreach (EndReason reason in Enum.GetValues<EndReason>())
        {
            Assert.That(Text(Sample.Report(reason: reason)), Does.Match($" {reason} (client|upstream|proxy)/relaying "));
        }

        foreach (ConnectionPhase phase in Enum.GetValues<ConnectionPhase>())
        {
            Assert.That(ConnectionNames.Of(phase).Replace("-", ""), Is.EqualTo(phase.ToString()).IgnoreCase);
        }
    }

    private static ConnectionReport Unknown() => new()
    {
        Id = 7,
        Route = "web",
        Phase = ConnectionPhase.Connecting,
        Reason = EndReason.ConnectRefused,
    };

    private static string Text(ConnectionReport report) => Written(AccessLogText.WriteLine, report);

    private static string Json(ConnectionReport report) => Written(AccessLogJson.WriteLine, report);

    private static string Written(Action<IBufferWriter<byte>, AccessLogFields> writeLine, ConnectionReport report)
    {
        var writer = new ArrayBufferWriter<byte>();
        writeLine(writer, new AccessLogFields(Sample.Ended(report)));
        return Encoding.UTF8.GetString(writer.WrittenSpan);
    }
}
