using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ProxyCore.Cli.Logging;

namespace ProxyCore.Tests.Cli.Logging;

internal sealed class CourseFormatterTests
{
    [TestCase(LogLevel.Trace, "[TRACE] said\n")]
    [TestCase(LogLevel.Debug, "[DEBUG] said\n")]
    [TestCase(LogLevel.Information, "[INFO] said\n")]
    [TestCase(LogLevel.Warning, "[WARN] said\n")]
    [TestCase(LogLevel.Error, "[ERROR] said\n")]
    [TestCase(LogLevel.Critical, "[CRITICAL] said\n")]
    public void A_line_is_its_label_and_its_message(LogLevel level, string line) =>
        Assert.That(Format("said", level), Is.EqualTo(line));

    [Test]
    public void A_clients_message_is_shown_as_it_is() =>
        Assert.That(Format("[CLIENT MESSAGE] GET / HTTP/1.1\\r\\n", LogLevel.Trace), Is.EqualTo("[CLIENT MESSAGE] GET / HTTP/1.1\\r\\n\n"));

    [Test]
    public void A_line_of_the_access_log_has_a_label_of_its_own() =>
        Assert.That(Format("1 web", category: "ProxyCore.Access"), Is.EqualTo("[ACCESS] 1 web\n"));

    [TestCase("a\nb\r\tc", "a\\nb\\r\\tc")]
    [TestCase("\e[31mred\0", "\\u{1B}[31mred\\u{0}")]
    [TestCase("\u0085\u2028\u202e", "\\u{85}\\u{2028}\\u{202E}")]
    [TestCase("größer 🙂", "größer 🙂")]
    public void What_would_break_the_line_or_command_the_terminal_is_escaped(string message, string shown) =>
        Assert.That(Format(message), Is.EqualTo($"[INFO] {shown}\n"));

    [Test]
    public void An_exception_follows_on_the_same_line_without_its_stack()
    {
        string line = Format("It failed", LogLevel.Error, Thrown(new InvalidOperationException("too\nlate")));

        Assert.That(line, Is.EqualTo("[ERROR] It failed — InvalidOperationException: too\\nlate\n"));
    }

    [Test]
    public void On_a_terminal_only_the_label_has_a_colour() =>
        Assert.That(Format("said", LogLevel.Warning, useColours: true), Is.EqualTo("[\e[33mWARN\e[0m] said\n"));

    [TestCase("Utc", "2026-11-25T23:12:45.120Z [INFO] said\n")]
    [TestCase("Local", "2026-11-26T04:42:45.120+05:30 [INFO] said\n")]
    [TestCase("None", "[INFO] said\n")]
    public void The_time_goes_ahead_of_the_label(string time, string line) =>
        Assert.That(Format("said", time: Enum.Parse<LineTime>(time)), Is.EqualTo(line));

    [Test]
    public void A_clients_message_has_the_time_too() =>
        Assert.That(Format("[CLIENT MESSAGE] hi", LogLevel.Trace, time: LineTime.Utc), Is.EqualTo("2026-11-25T23:12:45.120Z [CLIENT MESSAGE] hi\n"));

    private static string Format(
        string message,
        LogLevel level = LogLevel.Information,
        Exception? exception = null,
        bool useColours = false,
        string category = "ProxyCore",
        LineTime time = LineTime.None)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 23, 12, 45, 120, TimeSpan.Zero));
        clock.SetLocalTimeZone(TimeZoneInfo.CreateCustomTimeZone("test", new TimeSpan(5, 30, 0), "test", "test"));
        var writer = new StringWriter();
        var entry = new LogEntry<string>(level, category, default, message, exception, static (state, _) => state);
        new CourseFormatter(useColours, time, clock).Write(entry, scopeProvider: null, writer);
        return writer.ToString();
    }

    private static InvalidOperationException Thrown(InvalidOperationException exception)
    {
        try
        {
            throw exception;
        }
        catch (InvalidOperationException thrown)
        {
            return thrown;
        }
    }
}
