namespace ProxyCore.Tests.Harness;

/// <summary>The system's clock, until one thread can't read it any more.</summary>
internal sealed class FailingClock(string thread) : TimeProvider
{
    private volatile bool _fails;

    internal void Fail() => _fails = true;

    public override long GetTimestamp() => _fails && Thread.CurrentThread.Name == thread
        ? throw new InvalidTimeZoneException("the clock has stopped")
        : base.GetTimestamp();
}
