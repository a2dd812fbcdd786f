namespace ProxyCore.Relay;

/// <content>The way of the bytes through a stage.</content>
internal partial struct Pipe
{
    /// <summary>Moves what the stage has ready, as far as the sink takes it, and follows what the stage decides.</summary>
    internal void Pump(scoped in PipeEnds ends)
    {
        if (ends.Stage is not HoldingStage stage)
        {
            WaitForRoom(in ends);
            return;
        }

        _flags &= ~(Flags.SinkIsFull | Flags.StallIsNoted);
        SendPassed(in ends);
        while (TryTakeEarly(stage, in ends) | TrySendReady(stage, in ends))
        {
        }

        if (IsOver)
        {
            return;
        }

        WaitForRoom(in ends);
        switch (stage.Verdict)
        {
            case StageVerdict.Reset:
                SourceFailure = TransferResult.Cut;
                Break(ends.Buffers);
                return;
            case StageVerdict.End or StageVerdict.Close:
                MoveTo(PipeState.Ending);
                break;
        }

        if (State == PipeState.Ending && !Has(Flags.SinkIsFull) && _pending is null && stage.IsEndReady(ends.Now))
        {
            SendEnd(in ends);
        }
    }

    /// <summary>The stages that held bytes have gone: what waited for them goes on to what is left, and to the sink.</summary>
    internal void LeaveStages(scoped in PipeEnds ends)
    {
        if (Has(Flags.PendingIsEarly) && _pending is { } early)
        {
            Set(Flags.PendingIsEarly, false);
            Set(Flags.SinkIsFull, true);
            ends.Stage?.Take(early.Span, ends.Now);
        }

        Set(Flags.StageIsFull, false);
        if (ends.Stage is not null)
        {
            WaitForRoom(in ends);
        }
    }

    /// <summary>Stops reading the source until the stage has room.</summary>
    private void WaitForRoom(scoped in PipeEnds ends)
    {
        Stage stage = ends.Stage!;
        if (stage.Room(ends.Now) == 0)
        {
            stage.BeginWait(ends.Now);
        }

        Set(Flags.StageIsFull, stage.Room(ends.Now) == 0);
    }

    /// <summary>Sends what was on its way to the sink when the stage came: it has passed the stage's place.</summary>
    private void SendPassed(scoped in PipeEnds ends)
    {
        if (_pending is not { } passed || Has(Flags.PendingIsEarly))
        {
            return;
        }

        int sent = SendTo(ends.Sink, passed.Span, ends.Buffers);
        if (IsOver)
        {
            return;
        }

        passed.Advance(sent);
        if (passed.Count == 0)
        {
            Release(ends.Buffers);
        }
        else
        {
            Set(Flags.SinkIsFull, true);
        }
    }

    /// <summary>Early bytes wait here until the stage has room for them.</summary>
    private bool TryTakeEarly(HoldingStage stage, scoped in PipeEnds ends)
    {
        if (!Has(Flags.PendingIsEarly) || _pending is not { } early || stage.Room(ends.Now) is not (> 0 and var room))
        {
            return false;
        }

        int count = Math.Min(early.Count, room);
        stage.Take(early.Span[..count], ends.Now);
        early.Advance(count);
        if (early.Count == 0)
        {
            Release(ends.Buffers);
        }

        return true;
    }

    private bool TrySendReady(HoldingStage stage, scoped in PipeEnds ends)
    {
        ReadOnlySpan<byte> ready = stage.Ready(ends.Now);
        if (ready.IsEmpty || IsOver || Has(Flags.SinkIsFull))
        {
            return false;
        }

        int sent = SendTo(ends.Sink, ready, ends.Buffers);
        if (IsOver)
        {
            return false;
        }

        stage.Advance(sent);
        Set(Flags.SinkIsFull, sent < ready.Length);
        return sent == ready.Length;
    }
}
