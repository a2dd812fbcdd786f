namespace ProxyCore.Relay;

/// <summary>What a <see cref="Stage"/> wants to become of its direction.</summary>
internal enum StageVerdict : byte
{
    /// <summary>Bytes go on.</summary>
    Continue,

    /// <summary>
    /// The stream ends behind the bytes that are ready, as if the source had sent its FIN. The source is not read any more.
    /// </summary>
    End,

    /// <summary>The connection ends at once, as if the source had been reset.</summary>
    Reset,
}

/// <summary>
/// A step that the bytes of one direction take between source and sink: it may keep them for a time, slow them down, count
/// them, end them. Times are those of the loop's clock. Belongs to the loop's thread.
/// </summary>
internal abstract class Stage
{
    /// <summary>How many bytes it takes now. While that is 0 the source is not read: its sender is slowed down.</summary>
    internal abstract int Room { get; }

    /// <summary>What it wants to become of the direction. Asked after each call that may have changed it.</summary>
    internal virtual StageVerdict Verdict => StageVerdict.Continue;

    /// <summary>Takes bytes, never more than <see cref="Room"/>, which arrived at <paramref name="now"/>.</summary>
    internal abstract void Take(ReadOnlySpan<byte> bytes, TimeSpan now);

    /// <summary>Takes the end of the stream, or the reset behind the last bytes, which arrived at <paramref name="now"/>. Once.</summary>
    internal abstract void TakeEnd(TimeSpan now);

    /// <summary>The next bytes that may be sent now; empty for none.</summary>
    internal abstract ReadOnlySpan<byte> Ready(TimeSpan now);

    /// <summary>The sink has taken the first <paramref name="count"/> bytes of those that are ready.</summary>
    internal abstract void Advance(int count);

    /// <summary>Whether nothing is held and the end of the stream may be handed on now. Asked once it has the end.</summary>
    internal abstract bool IsEndReady(TimeSpan now);

    /// <summary>
    /// When, after <paramref name="now"/>, more bytes or the end are ready or there is more room; null when that needs no
    /// time.
    /// </summary>
    internal abstract TimeSpan? NextDue(TimeSpan now);

    /// <summary>Frees what it holds. Nothing is called after it.</summary>
    internal abstract void Release();
}
