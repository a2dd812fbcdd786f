using ProxyCore.Cli.Systemd;

namespace ProxyCore.Tests.Cli.Systemd;

/// <summary>Whether the output goes to systemd's journal, which notes the time itself.</summary>
internal sealed class JournalStreamTests
{
    [TestCase("8:12345", "socket:[12345]", true)]
    [TestCase("8:12345", "socket:[99]", false)]
    [TestCase("8:12345", "pipe:[12345]", false)]
    [TestCase("8:12345", "/var/log/proxycore.log", false)]
    [TestCase("12345", "socket:[12345]", false)]
    [TestCase("8:x", "socket:[x]", false)]
    [TestCase(null, "socket:[12345]", false)]
    [TestCase("8:12345", null, false)]
    public void The_output_is_the_journal_when_the_variable_names_its_socket(string? variable, string? output, bool isJournal) =>
        Assert.That(JournalStream.IsJournal(variable, output), Is.EqualTo(isJournal));
}
