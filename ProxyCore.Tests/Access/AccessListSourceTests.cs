using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ProxyCore.Access;
using ProxyCore.Settings;
using ProxyCore.Tests.Cli;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Access;

/// <summary>Lists in files are obeyed as they are now; one that can't be read changes nothing, and is told once.</summary>
internal sealed class AccessListSourceTests
{
    private const string NotRead = "AccessListNotRead";
    private const string WasRead = "AccessListRead";

    private readonly FakeTimeProvider _clock = new();
    private TemporaryFolder _folder = null!;
    private RecordedLog _log = null!;
    private AccessListSource? _source;
    private int _changes;

    [SetUp]
    public void CreateFolder()
    {
        _folder = new TemporaryFolder();
        _log = new RecordedLog(LogLevel.Trace);
        _changes = 0;
    }

    [TearDown]
    public void DeleteFolder()
    {
        _source?.Dispose();
        _log.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Entries_of_files_and_of_the_settings_count_together()
    {
        Write("allow", "10.0.0.0/8");
        Write("deny", "10.0.0.2");
        Start(new AccessOptions { Allow = { "192.0.2.1" }, AllowFiles = { At("allow") }, Deny = { "10.0.0.1" }, DenyFiles = { At("deny") } });

        Assert.That(Allowed("10.0.0.1", "10.0.0.2", "10.0.0.3", "192.0.2.1", "192.0.2.2"), Is.EqualTo(["10.0.0.3", "192.0.2.1"]));
    }

    [Test]
    public void An_allow_file_without_an_entry_lets_nobody_in()
    {
        Write("allow", "# nobody");
        Start(new AccessOptions { AllowFiles = { At("allow") } });

        Assert.That(Allowed("10.0.0.1", "::1"), Is.Empty);
    }

    [Test]
    public void Each_file_that_can_not_be_read_is_an_error_of_the_start_with_its_place()
    {
        Write("good", "10.0.0.1");
        Write("bad", "10.0.0.1\nx");
        var source = new AccessListSource(
            Settings(new AccessOptions { AllowFiles = { At("good"), At("none") }, DenyFiles = { At("bad"), _folder.FullName } }), _clock, _log);

        Assert.That(source.ReadAll("Routes:0:Access").Select(static error => error.ToString()), Is.EqualTo(
        [
            $"Routes:0:Access:AllowFiles:1: {At("none")}: does not exist",
            $"Routes:0:Access:DenyFiles:0: {At("bad")}:2: 'x' is neither an address, such as 10.0.0.1, nor a range, such as 10.0.0.0/8",
            $"Routes:0:Access:DenyFiles:1: {_folder.FullName}: is a folder, not a file",
        ]));
    }

    [Test]
    public void A_file_that_has_changed_is_read_once_it_stays_the_same_from_one_look_to_the_next()
    {
        Write("deny", "10.0.0.1");
        Start(new AccessOptions { DenyFiles = { At("deny") } });
        Write("deny", "10.0.0.22");
        Look();
        Assert.That(Allowed("10.0.0.1", "10.0.0.22"), Is.EqualTo(["10.0.0.22"]), "it may be written to");
        Look();

        Assert.That(Allowed("10.0.0.1", "10.0.0.22"), Is.EqualTo(["10.0.0.1"]));
        Assert.That((_changes, _log.CountOf(WasRead)), Is.EqualTo((1, 1)));
        Look(5);
        Assert.That((_changes, _log.CountOf(WasRead)), Is.EqualTo((1, 1)), "nothing is new");
    }

    [Test]
    [NotUnderWine(NotUnderWineAttribute.Exceptions)]
    public void A_file_that_another_one_is_renamed_over_is_read_though_its_time_and_length_are_the_same()
    {
        DateTime time = DateTime.UtcNow.AddDays(-1);
        Write("deny", "10.0.0.1", time);
        Start(new AccessOptions { DenyFiles = { At("deny") } });
        Write("new", "10.0.0.2", time);
        File.Move(At("new"), At("deny"), overwrite: true);
        Look(2);

        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("only Linux tells such files apart");
        }

        Assert.That(Allowed("10.0.0.1", "10.0.0.2"), Is.EqualTo(["10.0.0.1"]));
    }

    [Test]
    [NotUnderWine(NotUnderWineAttribute.NoLinks)]
    public void A_link_to_a_folder_within_the_path_may_lead_elsewhere_as_in_a_volume_of_Kubernetes()
    {
        DateTime time = DateTime.UtcNow.AddDays(-1);
        foreach (string version in (string[])["1", "2"])
        {
            Directory.CreateDirectory(At(version));
            Write($"{version}/deny", $"10.0.0.{version}", time);
        }

        Directory.CreateSymbolicLink(At("..data"), "1");
        File.CreateSymbolicLink(At("deny"), "..data/deny");
        Start(new AccessOptions { DenyFiles = { At("deny") } });
        Directory.CreateSymbolicLink(At("..data_tmp"), "2");
        File.Delete(At("..data"));
        Directory.Move(At("..data_tmp"), At("..data"));
        Look(2);

        Assert.That(Allowed("10.0.0.1", "10.0.0.2"), Is.EqualTo(["10.0.0.1"]));
    }

    [Test]
    [NotUnderWine(NotUnderWineAttribute.Exceptions)]
    public void A_file_that_can_not_be_read_any_more_leaves_its_entries_and_one_line_for_each_cause()
    {
        Write("deny", "10.0.0.1");
        Start(new AccessOptions { DenyFiles = { At("deny") } });
        File.Delete(At("deny"));
        Look(10);
        Assert.That(_log.TextsOf(NotRead), Is.EqualTo([$"{At("deny")}: does not exist; the entries that were read before stay in force"]));

        Write("deny", "10.0.0.2\n10.0.0.1/8");
        Look(10);
        Assert.That(_log.CountOf(NotRead), Is.EqualTo(2));
        Assert.That(Allowed("10.0.0.1", "10.0.0.2"), Is.EqualTo(["10.0.0.2"]), "no part of a file with a mistake is obeyed");
        Assert.That(_changes, Is.Zero);

        Write("deny", "10.0.0.2");
        Look(2);
        Assert.That(Allowed("10.0.0.1", "10.0.0.2"), Is.EqualTo(["10.0.0.1"]));
        Assert.That((_log.CountOf(WasRead), _log.CountOf(NotRead), _changes), Is.EqualTo((1, 2, 1)));
    }

    [Test]
    public void Of_several_files_that_changed_all_are_read()
    {
        Write("allow", "10.0.0.1");
        Write("deny", "10.0.0.1");
        Start(new AccessOptions { AllowFiles = { At("allow") }, DenyFiles = { At("deny") } });
        Write("allow", "10.0.0.22");
        Write("deny", "10.0.0.33");
        Look(2);

        Assert.That(Allowed("10.0.0.1", "10.0.0.22", "10.0.0.33"), Is.EqualTo(["10.0.0.22"]));
        Assert.That(_changes, Is.EqualTo(1));
    }

    [Test]
    public void After_its_end_nothing_is_read_any_more()
    {
        Write("deny", "10.0.0.1");
        AccessListSource source = Start(new AccessOptions { DenyFiles = { At("deny") } });
        Write("deny", "10.0.0.22");
        Look();
        source.Dispose();
        Look(5);

        Assert.That(Allowed("10.0.0.1", "10.0.0.22"), Is.EqualTo(["10.0.0.22"]));
        Assert.That(_changes, Is.Zero);
    }

    [Test]
    public void A_file_that_is_too_large_is_not_read()
    {
        using (FileStream file = File.Create(At("deny")))
        {
            file.SetLength(AccessFile.MostBytes + 1);
        }

        var source = new AccessListSource(Settings(new AccessOptions { DenyFiles = { At("deny") } }), _clock, _log);

        Assert.That(source.ReadAll("Access").Single().Cause, Is.EqualTo($"{At("deny")}: is larger than {AccessFile.MostBytes} bytes"));
    }

    private static AccessSettings Settings(AccessOptions access) => OptionsReader.Read(new TcpProxyOptions
    {
        Access = access,
        Routes = { new RouteOptions { Listen = { "8080" }, Upstreams = { new UpstreamOptions { Address = "3000" } } } },
    }).Settings.Access!;

    private AccessListSource Start(AccessOptions access)
    {
        _source = new AccessListSource(Settings(access), _clock, _log);
        _source.Changed += () => _changes++;
        Assert.That(_source.ReadAll("Access"), Is.Empty);
        _source.Start();
        return _source;
    }

    private void Look(int times = 1)
    {
        for (int i = 0; i < times; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private IEnumerable<string> Allowed(params string[] addresses) =>
        addresses.Where(address => _source!.Rules.Allows(IPAddress.Parse(address)));

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private void Write(string name, string text, DateTime? time = null)
    {
        File.WriteAllText(At(name), text);
        if (time is { } one)
        {
            File.SetLastWriteTimeUtc(At(name), one);
        }
    }
}
