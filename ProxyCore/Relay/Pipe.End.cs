namespace ProxyCore.Relay;

/// <content>How it ends: with the end of its source, which goes to the sink behind all bytes, or broken, with nothing more for it.</content>
internal partial struct Pipe
{
    /// <summary>
    /// Ends it as if the source had sent its FIN: nothing more is read, what is held goes out at once, then the end. Does
    /// nothing when the source has ended already.
    /// </summary>
    internal void EndReading(scoped in PipeEnds ends)
    {
        (ends.Stage as HoldingStage)?.LetGo(ends.Now);
        if (State == PipeState.Ending && ends.Stage is HoldingStage)
        {
            Pump(in ends);
        }

        if (State != PipeState.Open)
        {
            return;
        }

        if (_pending is null || ends.Stage is HoldingStage)
        {
            HandOnEnd(in ends);
        }
        else
        {
            MoveTo(PipeState.Ending);
        }
    }

    /// <summary>Ends it without a FIN and drops what is pending.</summary>
    internal void Break(RelayBuffers buffers)
    {
        MoveTo(PipeState.Broken);
        Release(buffers);
    }

    /// <summary>The sink has failed, or the connection is cut, and no send of this pipe has told so.</summary>
    internal void FailSink(TransferResult failure, RelayBuffers buffers)
    {
        if (!IsOver)
        {
            SinkFailure = failure;
            Break(buffers);
        }
    }

    /// <summary>
    /// The source is known to be reset, from elsewhere than a read: what had arrived before is still read, but the end
    /// that follows is no orderly one.
    /// </summary>
    internal void ExpectReset(TransferResult failure) => SourceFailure = failure;

    /// <summary>The source is known to have finished, behind bytes that are not read yet.</summary>
    internal void NoteSourceEnded() => Set(Flags.SourceHasEnded, true);

    private void HandOnEnd(scoped in PipeEnds ends)
    {
        if (ends.Stage is not HoldingStage stage)
        {
            SendEnd(in ends);
            return;
        }

        MoveTo(PipeState.Ending);
        stage.TakeEnd(ends.Now);
        Pump(in ends);
    }

    /// <summary>Sends the end of the stream; all bytes ahead of it are out.</summary>
    private void SendEnd(scoped in PipeEnds ends)
    {
        // A reset socket reports it once, to the first call that may, and from then on reads as ended.
        if (SourceFailure != TransferResult.Success)
        {
            Break(ends.Buffers);
            return;
        }

        TransferResult result = ends.Sink.EndSending();
        switch (result)
        {
            case TransferResult.Success:
                MoveTo(PipeState.Done);
                Release(ends.Buffers);
                break;
            case TransferResult.WouldBlock or TransferResult.TryAgain:
                MoveTo(PipeState.Ending);
                Set(Flags.SinkIsFull, true);
                break;
            default:
                SinkFailure = result;
                Break(ends.Buffers);
                break;
        }
    }
}
