namespace ProxyCore.Relay;

/// <content>The first bytes of a source that may have finished right behind them.</content>
internal partial struct Pipe
{
    /// <summary>
    /// Hands on the first <paramref name="count"/> bytes, together with what has come since, and with the end of the stream if
    /// that has come.
    /// </summary>
    /// <remarks>
    /// A server that serves one request a connection sends its FIN right behind its answer. In one packet they cost the proxy
    /// and the client less than in two, and nearly all of a short connection's time goes into packets. A server that goes on
    /// costs one receive in vain, once.
    /// </remarks>
    private ReadOnlySpan<byte> HandOnFirst(int asked, int count, scoped in PipeEnds ends)
    {
        Set(Flags.LooksForEnd, false);
        Span<byte> buffer = ends.Buffers.Read.AsSpan(0, asked);
        if (count == asked || ends.Stage is not null || !ends.Source.IsBare || !ends.Sink.IsBare)
        {
            return HandOn(asked, buffer[..count], in ends);
        }

        TransferResult result = ends.Source.Receive(buffer[count..], out int more);
        bool hasEnded = result == TransferResult.Success && more == 0;
        count += more;

        // An end that can't be handed on yet is read again, when the bytes are out.
        Set(Flags.Drained, !hasEnded && count < asked && result != TransferResult.TryAgain);
        if (result is TransferResult.Reset or TransferResult.Lost)
        {
            ExpectReset(result);
        }

        HandOn(asked, buffer[..count], in ends, hasEnded);
        if (hasEnded && WantsRead)
        {
            SendEnd(in ends);
        }

        return buffer[..count];
    }
}
