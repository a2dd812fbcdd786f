namespace ProxyCore.Relay;

/// <summary>What a <see cref="HoldingStage"/> wants to become of its direction.</summary>
internal enum StageVerdict : byte
{
    /// <summary>Bytes go on.</summary>
    Continue,

    /// <summary>
    /// The stream ends behind the bytes that are ready, as if the source had sent its FIN. The source is not read any more.
    /// </summary>
    End,

    /// <summary>The same, and the other direction ends too: both sides get a FIN.</summary>
    Close,

    /// <summary>The connection ends at once, with a reset for both sides.</summary>
    Reset,
}

/// <summary>A stage through which bytes and the end of the stream pass: it may keep them for a time, and end the stream.</summary>
internal abstract class HoldingStage : Stage
{
    /// <summary>What it wants to become of the direction. Asked after each call that may have changed it.</summary>
    internal virtual StageVerdict Verdict => StageVerdict.Continue;

    /// <summary>
    /// Called when its verdict ends the connection, before either side sees the end: what a user counts is then counted.
    /// </summary>
    internal Action? Ended { get; set; }

    /// <summary>Whether it holds bytes.</summary>
    internal abstract bool HoldsBytes { get; }

    /// <summary>Takes the end of the stream, or the reset behind the last bytes, which arrived at <paramref name="now"/>. Once.</summary>
    internal abstract void TakeEnd(TimeSpan now);

    /// <summary>The next bytes that may be sent now; empty for none.</summary>
    internal abstract ReadOnlySpan<byte> Ready(TimeSpan now);

    /// <summary>The sink has taken the first <paramref name="count"/> bytes of those that are ready.</summary>
    internal abstract void Advance(int count);

    /// <summary>Whether nothing is held and the end of the stream may be handed on now. Asked once it has the end.</summary>
    internal abstract bool IsEndReady(TimeSpan now);

    /// <summary>
    /// It is taken out: from now on it holds nothing back, neither bytes nor the end, and changes nothing. It goes on to take
    /// what comes until all that it holds is handed on, so that the order stays.
    /// </summary>
    internal abstract void LetGo(TimeSpan now);
}
