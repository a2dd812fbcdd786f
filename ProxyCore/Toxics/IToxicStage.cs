namespace ProxyCore;

/// <summary>What a <see cref="CustomToxic"/> does to one direction of one connection.</summary>
/// <remarks>
/// Called on the thread of the loop that has the connection, one call at a time, and never after <see cref="OnRemoved"/>. All
/// connections of the loop wait meanwhile: it must not block, and should take microseconds. An exception ends its connection,
/// with <see cref="EndReason.Fault"/>, and no other.
/// </remarks>
public interface IToxicStage
{
    /// <summary>Bytes have come. What is not written to <paramref name="output"/> is lost.</summary>
    /// <param name="bytes">The bytes; valid during the call.</param>
    /// <param name="output">Where to hand them on.</param>
    void OnBytes(ReadOnlySpan<byte> bytes, ToxicOutput output);

    /// <summary>The stream has ended. Nothing ends unless it is handed on: see <see cref="ToxicOutput.EndStream"/>.</summary>
    /// <param name="output">Where to hand the end on.</param>
    void OnEnd(ToxicOutput output) => output.EndStream();

    /// <summary>
    /// The toxic is removed: what was written passes at once. Or its connection has ended: then an exception has no effect.
    /// </summary>
    void OnRemoved()
    {
    }
}
