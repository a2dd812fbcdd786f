namespace ProxyCore;

/// <summary>Where an <see cref="IToxicStage"/> hands on what comes. Belongs to the loop's thread.</summary>
public abstract class ToxicOutput
{
    private protected ToxicOutput()
    {
    }

    /// <summary>The time of the loop: how long it has run, on the proxy's clock.</summary>
    public abstract TimeSpan Now { get; }

    /// <summary>Hands on bytes, which are copied, after all that was written before.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="delay">How long they wait first. Default none.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is negative, or more than 365 days.</exception>
    /// <exception cref="InvalidOperationException">The toxic has ended the stream or the connection already, or was removed.</exception>
    public abstract void Write(ReadOnlySpan<byte> bytes, TimeSpan delay = default);

    /// <summary>Ends the stream after all that was written.</summary>
    /// <param name="delay">How long the end waits. Default none.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is negative, or more than 365 days.</exception>
    /// <exception cref="InvalidOperationException">The toxic has ended the stream or the connection already, or was removed.</exception>
    public abstract void EndStream(TimeSpan delay = default);

    /// <summary>Ends the connection: with a reset at once, or by FIN on both sides after all that was written.</summary>
    /// <param name="how">How.</param>
    public abstract void Close(ToxicEnd how = ToxicEnd.Reset);
}
