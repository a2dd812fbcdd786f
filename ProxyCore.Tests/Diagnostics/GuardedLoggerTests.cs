using Microsoft.Extensions.Logging;
using Moq;
using ProxyCore.Diagnostics;

namespace ProxyCore.Tests.Diagnostics;

internal sealed class GuardedLoggerTests
{
    private readonly InvalidOperationException _mistake = new("the provider failed");
    private Mock<ILogger> _inner = null!;
    private GuardedLogger _logger = null!;

    [SetUp]
    public void MakeLogger()
    {
        _inner = new Mock<ILogger>();
        _logger = new GuardedLogger(_inner.Object);
    }

    [Test]
    public void A_level_is_enabled_where_the_inner_logger_says_so()
    {
        _inner.Setup(static logger => logger.IsEnabled(LogLevel.Warning)).Returns(true);

        Assert.That(_logger.IsEnabled(LogLevel.Warning), Is.True);
        Assert.That(_logger.IsEnabled(LogLevel.Debug), Is.False);
    }

    [Test]
    public void What_is_logged_reaches_the_inner_logger()
    {
        _logger.Log(LogLevel.Error, new EventId(7), "state", _mistake, static (_, _) => "text");

        _inner.Verify(
            logger => logger.Log(LogLevel.Error, new EventId(7), "state", _mistake, It.IsAny<Func<string, Exception?, string>>()),
            Times.Once);
    }

    [Test]
    public void A_failing_IsEnabled_counts_as_off()
    {
        _inner.Setup(static logger => logger.IsEnabled(It.IsAny<LogLevel>())).Throws(_mistake);

        Assert.That(_logger.IsEnabled(LogLevel.Error), Is.False);
    }

    [Test]
    public void A_failing_Log_is_swallowed()
    {
        var logger = new GuardedLogger(new FailingLogger());

        Assert.That(() => logger.Log(LogLevel.Error, default, "state", null, static (_, _) => "text"), Throws.Nothing);
    }

    private sealed class FailingLogger : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => throw new InvalidOperationException();

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => throw new InvalidOperationException();
    }
}
