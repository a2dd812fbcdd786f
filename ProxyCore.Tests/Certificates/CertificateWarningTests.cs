using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ProxyCore.Certificates;
using ProxyCore.Tests.Harness;
using static ProxyCore.Tests.Certificates.TestCertificates;

namespace ProxyCore.Tests.Certificates;

/// <summary>What is wrong with certificates that can be used all the same is a warning: at the start, on a change, once a day.</summary>
internal sealed class CertificateWarningTests : CertificateFixture
{
    private static readonly DateTimeOffset _now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private FakeTimeProvider _clock = null!;
    private RecordedLog _log = null!;
    private CertificateSource _source = null!;

    [SetUp]
    public void CreateSource()
    {
        _clock = new FakeTimeProvider(_now);
        _log = new RecordedLog(LogLevel.Trace);
        _source = new CertificateSource(_clock, _log);
    }

    [TearDown]
    public void DisposeSource()
    {
        _source.Dispose();
        _log.Dispose();
    }

    [TestCase(-100, 15, null)]
    [TestCase(-100, 14, "expires in 14 days, on 2026-03-15 00:00:00Z")]
    [TestCase(-100, 0.5, "expires in 0 days, on 2026-03-01 12:00:00Z")]
    [TestCase(-100, -1, "expired on 2026-02-28 00:00:00Z")]
    [TestCase(1, 100, "is not valid before 2026-03-02 00:00:00Z")]
    public void A_certificate_that_is_not_valid_or_not_for_long_is_a_warning_at_the_start(double fromDay, double toDay, string? text)
    {
        Write(fromDay, toDay);
        Start();

        Assert.That(Warnings(), Is.EqualTo(text is null ? [] : new[] { $"Certificate {At("c")} {text}" }));
    }

    [Test]
    public void It_is_a_warning_on_a_change()
    {
        Write(-100, 100);
        Start();
        Write(-100, 10);
        Look(2);

        Assert.That(Warnings(), Is.EqualTo([$"Certificate {At("c")} expires in 9 days, on 2026-03-11 00:00:00Z"]));
    }

    [Test]
    public void It_is_a_warning_once_a_day_until_it_is_renewed()
    {
        Write(-100, 16);
        Start();
        Look(1);
        Assert.That(Warnings(), Is.Empty);
        foreach (int warned in (int[])[0, 1, 2])
        {
            _clock.Advance(TimeSpan.FromDays(1));
            Look(10);
            Assert.That(Warnings(), Has.Length.EqualTo(warned), "at first there are more than 14 days left");
        }

        Write(-100, 100);
        Look(2);
        _clock.Advance(TimeSpan.FromDays(1));
        Look(10);
        Assert.That(Warnings(), Has.Length.EqualTo(2));
    }

    [Test]
    public void A_key_that_others_may_read_is_a_warning_at_the_start_and_when_it_becomes_so()
    {
        RequireModes();
        Write(-100, 100);
        SetMode("c", 0b110_100_100);
        Start();
        string text = $"The private key in {At("c")} can be read by every user of this system: take that permission away";
        Assert.That(Warnings(), Is.EqualTo([text]));

        SetMode("c", 0b110_100_000);
        Look(3);
        Assert.That(Warnings(), Has.Length.EqualTo(1), "the group may");
        SetMode("c", 0b110_100_100);
        Look(3);
        Assert.That(Warnings(), Is.EqualTo([text, text]));
    }

    [TestCase(0b110_100_100, 0b110_000_000, 0)]
    [TestCase(0b110_000_000, 0b110_100_100, 0)]
    [TestCase(0b110_100_100, 0b110_100_100, 1)]
    public void An_encrypted_key_is_safe_while_others_may_not_read_both_it_and_its_password(int keyMode, int passwordMode, int warnings)
    {
        RequireModes();
        using X509Certificate2 certificate = MakeValid(_now, _now.AddDays(100));
        Write("c", certificate.ExportCertificatePem());
        Write("k", EncryptedKeyOf(certificate, "x"));
        Write("p", "x");
        SetMode("k", keyMode);
        SetMode("p", passwordMode);
        Assert.That(_source.Read([(Pair("c", "k", "p"), "c")], []), Is.Empty);
        _source.Start();

        Assert.That(Warnings(), Has.Length.EqualTo(warnings));
    }

    [Test]
    public void A_password_that_the_key_does_not_need_does_not_make_it_safe()
    {
        RequireModes();
        Write(-100, 100);
        Write("p", "x");
        SetMode("c", 0b110_100_100);
        SetMode("p", 0b110_000_000);
        Assert.That(_source.Read([(Pair("c", password: "p"), "c")], []), Is.Empty);
        _source.Start();

        Assert.That(Warnings(), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_certificate_with_many_names_is_one_short_line()
    {
        using X509Certificate2 certificate = Make("CN=test", [.. Enumerable.Range(1, 50).Select(static i => $"{i}.example")], [], _now, _now.AddDays(100));
        Write("c", certificate.ExportCertificatePem(), KeyOf(certificate));
        SetMode("c", 0b110_000_000);
        Start();

        Assert.That(_log.TextsOf("CertificateRead").Single(), Does.Contain("9.example, 10.example and 40 more; serial"));
    }

    private static void RequireModes()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("files have no modes there");
        }
    }

    private void SetMode(string name, int mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(At(name), (UnixFileMode)mode);
        }
    }

    private void Write(double fromDay, double toDay)
    {
        using X509Certificate2 certificate = MakeValid(_now.AddDays(fromDay), _now.AddDays(toDay));
        Write("c", certificate.ExportCertificatePem(), KeyOf(certificate));
        SetMode("c", 0b110_000_000);
    }

    private void Start()
    {
        Assert.That(_source.Read([(Pair("c"), "c")], []), Is.Empty);
        _source.Start();
    }

    private void Look(int times)
    {
        for (int i = 0; i < times; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private string[] Warnings() => [.. _log.Entries.Where(static one => one.Level == LogLevel.Warning).Select(static one => one.Text)];
}
