namespace ProxyCore.Relay.Transports.SslStreams;

/// <summary>
/// The time in which SslStream goes on within the call that gives it a record: it would leave that to another thread where a
/// synchronization context is set. The thread of a loop has none, others may.
/// </summary>
internal readonly ref struct InlineScope
{
    private readonly SynchronizationContext? _outer;

    public InlineScope()
    {
        _outer = SynchronizationContext.Current;
        if (_outer is not null)
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }

    public void Dispose()
    {
        if (_outer is not null)
        {
            SynchronizationContext.SetSynchronizationContext(_outer);
        }
    }
}
