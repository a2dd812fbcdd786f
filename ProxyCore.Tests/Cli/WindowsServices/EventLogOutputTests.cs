using System.Diagnostics;
using System.Runtime.Versioning;
using ProxyCore.Cli.WindowsServices;

namespace ProxyCore.Tests.Cli.WindowsServices;

[SupportedOSPlatform("windows")]
internal sealed class EventLogOutputTests
{
    [TestCase("[INFO] Server listening on port 8080", EventLogEntryType.Information)]
    [TestCase("[WARN] Cutting: 1 still open", EventLogEntryType.Warning)]
    [TestCase("[ERROR] The change was not applied", EventLogEntryType.Error)]
    [TestCase("[CRITICAL] The loop has failed", EventLogEntryType.Error)]
    [TestCase("proxycore: can't listen on 127.0.0.1:80: the address is already in use", EventLogEntryType.Error)]
    [TestCase("[CLIENT MESSAGE] [ERROR]", EventLogEntryType.Information)]
    public void The_level_of_a_line_becomes_the_type_of_its_entry(string line, EventLogEntryType expected) =>
        Assert.That(EventLogOutput.TypeOf(line), Is.EqualTo(expected));
}
