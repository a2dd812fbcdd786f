namespace ProxyCore.Relay;

/// <summary>Several stages of one direction, one behind the other: what the first has ready the next one takes.</summary>
/// <remarks>
/// Stages come and go while bytes are on their way. One that is taken out stays in its place until it has handed on what it
/// holds, so that no byte overtakes another.
/// </remarks>
/// <param name="limit">A stage ahead of all others that holds no bytes; null for none.</param>
internal sealed class StageChain(Stage? limit) : HoldingStage
{
    private readonly List<Link> _links = [];

    // The last stage that has taken the end of the stream; -1 before the first has.
    private int _endedAt = -1;
    private bool _hasEnd;
    private bool _isLetGo;

    /// <summary>Whether it has no stage: it is of no use any more.</summary>
    internal bool IsEmpty => _links.Count == 0;

    /// <summary>The stage ahead of all others that holds no bytes.</summary>
    internal Stage? Limit => limit;

    /// <summary>The stage that ends the direction, or the connection; null for none.</summary>
    internal HoldingStage? EndedBy { get; private set; }

    internal override StageVerdict Verdict => EndedBy?.Verdict ?? StageVerdict.Continue;

    internal override bool HoldsBytes => _links.Exists(static link => link.Stage.HoldsBytes);

    /// <summary>Adds a stage behind all others.</summary>
    internal void Add(HoldingStage stage) => _links.Add(new Link(stage));

    /// <summary>Takes a stage out. It is released once it holds nothing.</summary>
    internal void Remove(HoldingStage stage, TimeSpan now)
    {
        _links.Find(link => link.Stage == stage)!.IsLeaving = true;
        stage.LetGo(now);
        Flow(now);
    }

    internal override int Room(TimeSpan now)
    {
        if (_links.Count == 0)
        {
            return 0;
        }

        int room = _links[0].Stage.Room(now);
        return limit is null || room == 0 ? room : Math.Min(room, limit.Room(now));
    }

    internal override void Take(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        limit?.Take(bytes, now);
        _links[0].Stage.Take(bytes, now);
        NoteVerdicts();
    }

    internal override void BeginWait(TimeSpan now)
    {
        if (limit?.Room(now) == 0)
        {
            limit.BeginWait(now);
        }
    }

    internal override void TakeEnd(TimeSpan now)
    {
        _hasEnd = true;
        HandOnEnd(now);
    }

    internal override ReadOnlySpan<byte> Ready(TimeSpan now)
    {
        Flow(now);
        if (_links.Count == 0)
        {
            return default;
        }

        // The last stage learns the time here: it may decide by it.
        ReadOnlySpan<byte> ready = _links[^1].Stage.Ready(now);
        NoteVerdicts();
        return ready;
    }

    internal override void Advance(int count) => _links[^1].Stage.Advance(count);

    internal override bool IsEndReady(TimeSpan now)
    {
        Flow(now);
        return _hasEnd && _endedAt == _links.Count - 1 && IsEndReadyAt(_endedAt, now);
    }

    internal override void LetGo(TimeSpan now)
    {
        _isLetGo = true;
        foreach (Link link in _links)
        {
            link.Stage.LetGo(now);
        }
    }

    internal override TimeSpan? NextDue(TimeSpan now)
    {
        TimeSpan? next = limit?.NextDue(now);
        foreach (Link link in _links)
        {
            TimeSpan? due = link.Stage.NextDue(now);
            next = next is null || due < next ? due ?? next : next;
        }

        return next;
    }

    internal override void Release()
    {
        limit?.Release();
        _links.ForEach(static link => link.Stage.Release());
        _links.Clear();
    }

    private void Flow(TimeSpan now)
    {
        // A stage that hands on has room again for those ahead of it.
        bool hasRoomAgain;
        do
        {
            hasRoomAgain = false;
            for (int i = 0; i + 1 < _links.Count; i++)
            {
                hasRoomAgain |= TryMove(_links[i].Stage, _links[i + 1].Stage, now) && i > 0;
            }
        }
        while (hasRoomAgain);

        NoteVerdicts();
        HandOnEnd(now);
        DropThoseThatLeft(now);
    }

    private static bool TryMove(HoldingStage from, HoldingStage to, TimeSpan now)
    {
        bool hasMoved = false;
        while (true)
        {
            ReadOnlySpan<byte> ready = from.Ready(now);
            int count = ready.IsEmpty ? 0 : Math.Min(ready.Length, to.Room(now));
            if (count == 0)
            {
                return hasMoved;
            }

            to.Take(ready[..count], now);
            from.Advance(count);
            hasMoved = true;
        }
    }

    /// <summary>
    /// The end that a stage causes comes behind what it had ready; what is ahead of it is not waited for. The first stage that
    /// causes one counts, but for a reset: that does not wait for an end on its way.
    /// </summary>
    private void NoteVerdicts()
    {
        if (_isLetGo || Verdict == StageVerdict.Reset)
        {
            return;
        }

        int index = _links.FindIndex(static link => link.Stage.Verdict == StageVerdict.Reset);
        if (index < 0 && EndedBy is null)
        {
            index = _links.FindIndex(static link => link.Stage.Verdict != StageVerdict.Continue);
        }

        if (index >= 0)
        {
            EndedBy = _links[index].Stage;
            EndedBy.Ended?.Invoke();
            _hasEnd = true;
            _endedAt = Math.Max(index, _endedAt);
        }
    }

    private void HandOnEnd(TimeSpan now)
    {
        while (_hasEnd && _endedAt + 1 < _links.Count && IsEndReadyAt(_endedAt, now))
        {
            _endedAt++;
            _links[_endedAt].Stage.TakeEnd(now);
        }
    }

    private bool IsEndReadyAt(int index, TimeSpan now) => index < 0 || _links[index].Stage.IsEndReady(now);

    private void DropThoseThatLeft(TimeSpan now)
    {
        for (int i = _links.Count - 1; i >= 0; i--)
        {
            Link link = _links[i];
            bool isDone = link.IsLeaving && !link.Stage.HoldsBytes && link.Stage != EndedBy;

            // One that has the end of the stream leaves when the next has it.
            if (isDone && (i != _endedAt || (i == _links.Count - 1 && link.Stage.IsEndReady(now))))
            {
                _links.RemoveAt(i);
                _endedAt -= i <= _endedAt ? 1 : 0;
                link.Stage.Release();
            }
        }
    }

    private sealed class Link(HoldingStage stage)
    {
        internal HoldingStage Stage => stage;

        internal bool IsLeaving { get; set; }
    }
}
