using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ProxyCore.Certificates;
using ProxyCore.Settings;
using ProxyCore.Tests.Harness;
using static ProxyCore.Tests.Certificates.TestCertificates;

namespace ProxyCore.Tests.Certificates;

/// <summary>Certificates are those of the files now, as far as these can be used; the log says the rest, once.</summary>
internal sealed class CertificateSourceTests : CertificateFixture
{
    private const string WasRead = "CertificateRead";
    private const string NotRead = "CertificateNotRead";

    private readonly List<X509Certificate2> _made = [];
    private FakeTimeProvider _clock = null!;
    private RecordedLog _log = null!;
    private CertificateSource _source = null!;
    private int _changes;

    [SetUp]
    public void CreateSource()
    {
        _clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        _log = new RecordedLog(LogLevel.Trace);
        _source = new CertificateSource(_clock, _log);
        _source.Changed += () => _changes++;
        _changes = 0;
    }

    [TearDown]
    public void NoKeyIsInTheLog()
    {
        _source.Dispose();
        string log = string.Join('\n', _log.Entries);
        foreach (X509Certificate2 one in _made)
        {
            string key = string.Concat(KeyOf(one).Split('\n')[1..^1]);
            Assert.That(log, Does.Not.Contain(key[..16]).And.Not.Contain(key[^16..]));
            one.Dispose();
        }

        _made.Clear();
        _log.Dispose();
    }

    [Test]
    public void What_several_places_name_is_read_once()
    {
        WritePair("a", "a.example");

        Assert.That(_source.Read([(Pair("a.c", "a.k"), "one"), (Pair("a.c", "a.k"), "two")], [(At("a.c"), "three"), (At("a.c"), "four")]), Is.Empty);
        Assert.That(_source.Get(Pair("a.c", "a.k")).Names, Is.EqualTo(["a.example"]));
        Assert.That(_source.GetAuthorities(At("a.c")), Has.Count.EqualTo(1));
        Assert.That(_source.Status, Has.Count.EqualTo(1));
    }

    [Test]
    public void Each_place_with_files_that_can_not_be_used_has_an_error_of_the_start()
    {
        WritePair("a", "a.example");
        IReadOnlyList<ValidationError> errors = _source.Read(
            [(Pair("none"), "Routes:0"), (Pair("a.c", "a.k"), "Routes:1"), (Pair("none"), "Routes:2"), (Pair("a.c"), "Routes:3")],
            [(At("a.k"), "Routes:4")]);

        Assert.That(errors.Select(static one => one.ToString()), Is.EqualTo(
        [
            $"Routes:0: {At("none")}: does not exist",
            $"Routes:2: {At("none")}: does not exist",
            $"Routes:3: {At("a.c")}: no private key in it",
            $"Routes:4: {At("a.k")}: no certificate in it",
        ]));
    }

    [Test]
    public void Keys_are_in_memory_until_the_start_and_while_a_change_is_handled()
    {
        WritePair("a", "a.example");
        WritePair("b", "b.example");
        Read("a", "b");
        ReadOnlyMemory<byte> key = Get("a").Key;
        Assert.That(key.ToArray(), Has.Some.Not.Zero);
        _source.Start();
        Assert.That(key.ToArray(), Is.All.Zero);

        List<byte[]> keys = [];
        List<ReadOnlyMemory<byte>> inUse = [];
        _source.Changed += () => inUse.AddRange([Get("a").Key, Get("b").Key]);
        _source.Changed += () => keys.AddRange([Get("a").Key.ToArray(), Get("b").Key.ToArray()]);
        X509Certificate2 now = WritePair("a", "new.example");
        Look(2);

        Assert.That(keys, Is.EqualTo(new[] { now, _made[1] }.Select(static one => PrivateKeyOf(one).ExportPkcs8PrivateKey())), "of those that did not change, too");
        Assert.That(inUse.SelectMany(static one => one.ToArray()), Is.All.Zero);
        Assert.That((Get("a").Key.IsEmpty, Get("b").Key.IsEmpty), Is.EqualTo((true, true)));
    }

    [Test]
    public void What_does_not_change_stays_the_same_object()
    {
        WritePair("a", "a.example");
        WritePair("b", "b.example");
        Write("ca", _made[0].ExportCertificatePem());
        Start("a", "b");
        LoadedCertificate a = Get("a");
        LoadedCertificate b = Get("b");
        IReadOnlyList<ReadOnlyMemory<byte>> ca = _source.GetAuthorities(At("ca"));
        WritePair("a", "a.example");
        File.SetLastWriteTimeUtc(At("ca"), DateTime.UnixEpoch);
        File.SetLastWriteTimeUtc(At("b.c"), DateTime.UnixEpoch);
        Look(2);

        Assert.That(_changes, Is.EqualTo(1));
        Assert.That(Get("a"), Is.Not.SameAs(a));
        Assert.That(Get("b"), Is.SameAs(b));
        Assert.That(_source.GetAuthorities(At("ca")), Is.SameAs(ca));
    }

    [Test]
    public void Files_that_are_written_in_place_are_read_once_they_stay_the_same_from_one_look_to_the_next()
    {
        WritePair("a", "a.example");
        Start("a");
        X509Certificate2 now = WritePair("a", "b.example");
        Look();
        Assert.That(Get("a").Names, Is.EqualTo(["a.example"]), "they may be written to");
        Look();

        Assert.That(Get("a").Names, Is.EqualTo(["b.example"]));
        Assert.That(_changes, Is.EqualTo(1));
        Assert.That(_log.TextsOf(WasRead).Last(), Is.EqualTo($"Certificate {At("a.c")} is in use: b.example; serial {now.SerialNumber}, valid until 2027-01-01 00:00:00Z"));
        Look(5);
        Assert.That((_changes, _log.CountOf(WasRead)), Is.EqualTo((1, 2)), "nothing is new");
    }

    [Test]
    public void Files_that_others_are_renamed_over_are_read()
    {
        WritePair("a", "a.example");
        Start("a");
        WritePair("new", "b.example");
        File.Move(At("new.c"), At("a.c"), overwrite: true);
        File.Move(At("new.k"), At("a.k"), overwrite: true);
        Look(2);

        Assert.That((Get("a").Names.Single(), _changes, _log.CountOf(NotRead)), Is.EqualTo(("b.example", 1, 0)));
    }

    [Test]
    public void The_link_within_a_volume_of_Kubernetes_changes_both_files_at_once()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("links need a privilege there");
        }

        Directory.CreateDirectory(At("1"));
        Directory.CreateDirectory(At("2"));
        WritePair("1/a", "a.example");
        WritePair("2/a", "b.example");
        Directory.CreateSymbolicLink(At("..data"), "1");
        File.CreateSymbolicLink(At("a.c"), "..data/a.c");
        File.CreateSymbolicLink(At("a.k"), "..data/a.k");
        Start("a");
        Directory.CreateSymbolicLink(At("..data_tmp"), "2");
        File.Delete(At("..data"));
        Directory.Move(At("..data_tmp"), At("..data"));
        Look(2);

        Assert.That((Get("a").Names.Single(), _changes, _log.CountOf(NotRead)), Is.EqualTo(("b.example", 1, 0)));
    }

    [Test]
    public void A_pair_of_which_one_file_has_changed_waits_for_the_other()
    {
        X509Certificate2 before = WritePair("a", "a.example");
        Start("a");
        X509Certificate2 now = Add(Make("b.example"));
        Write("a.c", now.ExportCertificatePem());
        Look(10);

        Assert.That((Get("a").Names.Single(), _changes), Is.EqualTo(("a.example", 0)));
        string error = $"the private key in {At("a.k")} does not belong to the certificate in {At("a.c")}";
        Assert.That(_log.TextsOf(NotRead), Is.EqualTo([$"{error}; the certificate that was read before stays in use: serial {before.SerialNumber}, valid until 2027-01-01 00:00:00Z"]));
        Assert.That(_source.Status.Single().Error, Is.EqualTo(error));

        Write("a.k", KeyOf(now));
        Look(2);
        Assert.That((Get("a").Names.Single(), _changes), Is.EqualTo(("b.example", 1)));
        Assert.That(_source.Status.Single().Error, Is.Null);
    }

    [Test]
    public void Bad_files_change_nothing_with_one_line_for_each_cause_until_they_are_good()
    {
        X509Certificate2 certificate = WritePair("a", "a.example");
        Start("a");
        Write("a.c", "nothing");
        Look(5);
        Write("a.c", "-----BEGIN CERTIFICATE-----");
        Look(5);
        Assert.That(_log.CountOf(NotRead), Is.EqualTo(2));
        Assert.That((Get("a").Names.Single(), _changes), Is.EqualTo(("a.example", 0)));

        Write("a.c", certificate.ExportCertificatePem());
        Look(2);
        Assert.That((_changes, _log.CountOf(WasRead)), Is.EqualTo((0, 2)), "it is what it was, and the log says that it is well again");
        WritePair("a", "b.example");
        Look(2);
        Assert.That((Get("a").Names.Single(), _changes, _log.CountOf(WasRead)), Is.EqualTo(("b.example", 1, 3)));
    }

    [Test]
    public void A_file_that_is_deleted_may_come_back()
    {
        WritePair("a", "a.example");
        Start("a");
        File.Move(At("a.k"), At("moved"));
        Look(5);
        Assert.That(_log.TextsOf(NotRead).Single(), Does.StartWith($"{At("a.k")}: does not exist; the certificate that was read before stays in use: serial "));
        File.Move(At("moved"), At("a.k"));
        Look(2);

        Assert.That((Get("a").Names.Single(), _changes, _log.CountOf(WasRead)), Is.EqualTo(("a.example", 0, 2)));
    }

    [Test]
    public void A_bad_pair_holds_no_other_change_up()
    {
        WritePair("a", "a.example");
        WritePair("b", "b.example");
        Start("a", "b");
        Write("a.k", "nothing");
        Look(2);
        WritePair("b", "c.example");
        Look(2);

        Assert.That((Get("a").Names.Single(), Get("b").Names.Single(), _changes, _log.CountOf(NotRead)), Is.EqualTo(("a.example", "c.example", 1, 1)));
    }

    [Test]
    public void Authorities_are_followed_and_give_the_keys_for_new_contexts()
    {
        WritePair("a", "a.example");
        Write("ca", _made[0].ExportCertificatePem());
        Start("a");
        bool hasKey = false;
        _source.Changed += () => hasKey = !Get("a").Key.IsEmpty;
        Write("ca", "nothing");
        Look(5);
        Assert.That((_changes, _source.GetAuthorities(At("ca")).Count), Is.EqualTo((0, 1)));
        Assert.That(_log.TextsOf("AuthoritiesNotRead"), Is.EqualTo([$"{At("ca")}: no certificate in it; the 1 certificates of authorities that were read before stay in use"]));

        Write("ca", _made[0].ExportCertificatePem(), Add(Make("x")).ExportCertificatePem());
        Look(2);
        Assert.That((_changes, _source.GetAuthorities(At("ca")).Count, hasKey), Is.EqualTo((1, 2, true)));
        Assert.That(_log.CountOf("AuthoritiesRead"), Is.EqualTo(1));
    }

    [Test]
    public void A_new_password_is_part_of_a_change()
    {
        X509Certificate2 certificate = Add(Make("a.example"));
        Write("a.c", certificate.ExportCertificatePem());
        Write("a.k", EncryptedKeyOf(certificate, "first"));
        Write("p", "first");
        Assert.That(_source.Read([(Pair("a.c", "a.k", "p"), "a")], []), Is.Empty);
        _source.Start();
        X509Certificate2 now = Add(Make("b.example"));
        Write("a.c", now.ExportCertificatePem());
        Write("a.k", EncryptedKeyOf(now, "second"));
        Look(2);
        Assert.That(_log.CountOf(NotRead), Is.EqualTo(1));
        Write("p", "second");
        Look(2);

        Assert.That(_source.Get(Pair("a.c", "a.k", "p")).Names, Is.EqualTo(["b.example"]));
    }

    [Test]
    public void After_its_end_nothing_changes_and_no_key_is_left()
    {
        WritePair("a", "a.example");
        Start("a");
        WritePair("a", "b.example");
        Look();
        _source.Dispose();
        Look(5);

        Assert.That((Get("a").Names.Single(), _changes), Is.EqualTo(("a.example", 0)));
    }

    [Test]
    public void Keys_of_a_source_that_is_not_started_are_zeroed_at_its_end()
    {
        WritePair("a", "a.example");
        Read("a");
        ReadOnlyMemory<byte> key = Get("a").Key;
        _source.Dispose();

        Assert.That(key.ToArray(), Is.All.Zero);
    }

    [Test]
    public void A_handler_may_end_the_source_and_has_its_keys_until_it_returns()
    {
        WritePair("a", "a.example");
        Start("a");
        ReadOnlyMemory<byte> key = default;
        bool hasKey = false;
        _source.Changed += () =>
        {
            _source.Dispose();
            key = Get("a").Key;
            hasKey = key.Span.ContainsAnyExcept((byte)0);
        };
        WritePair("a", "b.example");
        Look(2);

        Assert.That(hasKey, Is.True);
        Assert.That(key.ToArray(), Is.All.Zero);
    }

    [Test]
    public void The_status_tells_what_is_in_use()
    {
        X509Certificate2 certificate = WritePair("a", "a.example", "*.a.example");
        Start("a");
        CertificateStatus status = _source.Status.Single();

        Assert.That((status.File, status.Subject, status.Serial, status.Error), Is.EqualTo((At("a.c"), "CN=test", certificate.SerialNumber, (string?)null)));
        Assert.That(status.Names, Is.EqualTo(["a.example", "*.a.example"]));
        Assert.That((status.NotBefore, status.NotAfter), Is.EqualTo((new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero))));
        Assert.That(status.TimeLeft, Is.EqualTo(TimeSpan.FromDays(306)));
        _clock.SetUtcNow(new DateTimeOffset(2027, 1, 2, 0, 0, 0, TimeSpan.Zero));
        Assert.That(_source.Status.Single().TimeLeft, Is.EqualTo(TimeSpan.FromDays(-1)));
        Assert.That(status.ToString(), Is.EqualTo($"{At("a.c")}: {certificate.SerialNumber}, 306 days left"));
    }

    private void Look(int times = 1)
    {
        for (int i = 0; i < times; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private X509Certificate2 Add(X509Certificate2 certificate)
    {
        _made.Add(certificate);
        return certificate;
    }

    private X509Certificate2 WritePair(string name, params string[] names)
    {
        X509Certificate2 certificate = Add(Make(names));
        Write($"{name}.c", certificate.ExportCertificatePem());
        Write($"{name}.k", KeyOf(certificate));
        return certificate;
    }

    private LoadedCertificate Get(string name) => _source.Get(Pair($"{name}.c", $"{name}.k"));

    private void Read(params string[] names)
    {
        (string, string)[] authorities = File.Exists(At("ca")) ? [(At("ca"), "ca")] : [];
        Assert.That(_source.Read(names.Select(name => (Pair($"{name}.c", $"{name}.k"), name)), authorities), Is.Empty);
    }

    private void Start(params string[] names)
    {
        Read(names);
        _source.Start();
    }
}
