using System.Runtime.Versioning;
using ProxyCore.Diagnostics;
using ProxyCore.Tests.Cli;

namespace ProxyCore.Tests.AccessLogs;

/// <summary>The file may be renamed, removed, cut and full: the next lines are whole, and in the right file.</summary>
internal sealed class FileTests
{
    private TemporaryFolder _folder = null!;

    private string Path => $"{_folder.FullName}/access.log";

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Lines_are_added_to_what_is_there()
    {
        File.WriteAllText(Path, "before\n");
        AccessLogFile file = Create();

        file.Write(Sample.Batch(2));
        file.Write(Sample.Batch(1));

        Assert.That(File.ReadAllLines(Path), Has.Length.EqualTo(4).And.ItemAt(0).EqualTo("before"));
    }

    [Test]
    public void Line_that_was_cut_off_is_ended_first()
    {
        File.WriteAllText(Path, "whole\nhal");

        Create().Write(Sample.Batch(1));

        string[] lines = File.ReadAllLines(Path);
        Assert.That(lines, Has.Length.EqualTo(3).And.ItemAt(1).EqualTo("hal"));
        Assert.That(lines[2], Does.StartWith("2026-"));
    }

    [Test]
    public void Renamed_file_is_followed_by_a_new_one()
    {
        AccessLogFile file = Create();
        file.Write(Sample.Batch(2));
        File.Move(Path, Path + ".1");

        file.Write(Sample.Batch(3));

        Assert.That((Lines(Path + ".1"), Lines(Path)), Is.EqualTo((2, 3)));
    }

    [Test]
    public void Removed_file_is_followed_by_a_new_one()
    {
        AccessLogFile file = Create();
        file.Write(Sample.Batch(2));
        File.Delete(Path);

        Assert.That(file.Write(Sample.Batch(3)), Is.Null);

        Assert.That(Lines(Path), Is.EqualTo(3));
    }

    [Test]
    public void Truncated_file_gets_no_hole()
    {
        AccessLogFile file = Create();
        file.Write(Sample.Batch(20));
        using (FileStream cut = File.OpenWrite(Path))
        {
            cut.SetLength(0);
        }

        file.Write(Sample.Batch(1));

        Assert.That(File.ReadAllText(Path), Does.StartWith("2026-"));
    }

    [Test]
    [Platform("Linux", Reason = "chattr is Linux's.")]
    public void Append_only_file_is_appended_to()
    {
        File.WriteAllText(Path, "before\n");
        if (!Run("chattr", "+a", Path))
        {
            Assert.Ignore("needs root and a file system with attributes");
        }

        try
        {
            Assert.That(Create().Write(Sample.Batch(2)), Is.Null);
            Assert.That(Lines(Path), Is.EqualTo(3));
        }
        finally
        {
            Run("chattr", "-a", Path);
        }
    }

    [Test]
    [Platform("Linux")]
    public void Fifo_without_a_reader_loses_every_line_and_says_so()
    {
        Assert.That(Run("mkfifo", Path));
        AccessLogFile file = Create();

        Assert.That(file.Write(Sample.Batch(5)), Is.EqualTo(new AccessLogLoss(5, "no process reads it")));
    }

    [Test]
    [Platform("Linux")]
    public void Fifo_with_a_reader_that_stays_gets_every_line_of_every_batch()
    {
        Assert.That(Run("mkfifo", Path));
        Task<string[]> reader = Task.Run(() => File.ReadAllLines(Path));
        AccessLogFile file = Create();
        Assert.That(SpinWait.SpinUntil(() => file.Write(Sample.Batch(1)) is null, 10_000), "the reader has come");

        for (int batch = 0; batch < 20; batch++)
        {
            Assert.That(file.Write(Sample.Batch(100)), Is.Null);
        }

        file.Dispose();
        Assert.That(reader.Wait(10_000));
        Assert.That(reader.Result, Has.Length.EqualTo(2001).And.All.StartWith("2026-"));
    }

    [Test]
    [Platform("Linux")]
    public void Fifo_whose_reader_does_not_read_loses_what_does_not_fit_and_counts_it()
    {
        Assert.That(Run("mkfifo", Path));
        using var both = new FileStream(Path, FileMode.Open, FileAccess.ReadWrite);
        AccessLogFile file = Create();

        AccessLogLoss? loss = file.Write(Sample.Batch(2000));

        Assert.That(loss?.Cause, Is.EqualTo("its reader is too slow"));
        int written = LinesIn(both);
        Assert.That(written + loss!.Value.Connections, Is.EqualTo(2000));
    }

    private static int LinesIn(FileStream fifo)
    {
        // A pipe holds 64 KiB; it is full, but for less than a page.
        byte[] bytes = new byte[1 << 16];
        int count = fifo.Read(bytes);
        return bytes.AsSpan(0, count).Count((byte)'\n');
    }

    private static bool Run(string command, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(command, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    [Test]
    [Platform("Linux", Reason = "Only there is a device that is always full.")]
    public void Full_disk_loses_the_batch_and_says_so()
    {
        AccessLogFile file = AccessLogFile.Create("/dev/full", AccessLogFormat.Text);

        AccessLogLoss? loss = file.Write(Sample.Batch(5));

        Assert.That(loss?.Connections, Is.EqualTo(5));
        Assert.That(loss?.Cause, Does.Contain("No space left").IgnoreCase);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Modes are Unix's.")]
    [UnsupportedOSPlatform("windows")]
    public void New_file_is_for_its_owner_and_its_group()
    {
        Create();

        UnixFileMode mode = File.GetUnixFileMode(Path);
        Assert.That(mode & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead), Is.EqualTo(UnixFileMode.None));
        Assert.That(mode & (UnixFileMode.UserRead | UnixFileMode.UserWrite), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void Folder_that_is_away_loses_lines_until_it_is_back()
    {
        string folder = $"{_folder.FullName}/logs";
        Directory.CreateDirectory(folder);
        AccessLogFile file = AccessLogFile.Create($"{folder}/access.log", AccessLogFormat.Text);
        Directory.Delete(folder, recursive: true);

        Assert.That(file.Write(Sample.Batch(2)), Is.EqualTo(new AccessLogLoss(2, "its folder does not exist")));
        Directory.CreateDirectory(folder);
        Assert.That(file.Write(Sample.Batch(2)), Is.Null);
        Assert.That(Lines($"{folder}/access.log"), Is.EqualTo(2));
    }

    [TestCase("none/access.log", "its folder does not exist")]
    [TestCase("", "it is a folder")]
    public void File_that_can_not_be_made_is_an_error_with_its_path(string name, string cause)
    {
        string path = System.IO.Path.Combine(_folder.FullName, name);

        Assert.That(
            () => AccessLogFile.Create(path, AccessLogFormat.Text),
            Throws.InstanceOf<IOException>().With.Message.EqualTo($"Cannot write the access log to {path}: {cause}"));
    }

    private static int Lines(string path) => File.ReadAllLines(path).Length;

    private AccessLogFile Create() => AccessLogFile.Create(Path, AccessLogFormat.Text);
}
