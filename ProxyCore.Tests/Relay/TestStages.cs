using ProxyCore.Relay;

namespace ProxyCore.Tests.Relay;

/// <summary>Hands on bytes and the end a fixed time after their arrival, and has room for so many.</summary>
internal sealed class DelayStage(TimeSpan delay, int most = 1024 * 1024) : HoldingStage
{
    private bool _isLetGo;
    private readonly Queue<(TimeSpan Due, byte[] Bytes)> _held = new();
    private TimeSpan? _endDue;
    private int _taken;
    private int _heldBytes;

    internal bool IsReleased { get; private set; }

    internal override int Room(TimeSpan now) => most - _heldBytes;

    internal override void Take(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        Assert.That(bytes.Length, Is.LessThanOrEqualTo(Room(now)));
        _held.Enqueue((now + delay, bytes.ToArray()));
        _heldBytes += bytes.Length;
    }

    internal override bool HoldsBytes => _heldBytes > 0;

    internal override void TakeEnd(TimeSpan now) => _endDue = now + delay;

    internal override ReadOnlySpan<byte> Ready(TimeSpan now) =>
        _held.TryPeek(out (TimeSpan Due, byte[] Bytes) first) && (_isLetGo || first.Due <= now) ? first.Bytes.AsSpan(_taken) : default;

    internal override void Advance(int count)
    {
        _taken += count;
        _heldBytes -= count;
        if (_taken == _held.Peek().Bytes.Length)
        {
            _held.Dequeue();
            _taken = 0;
        }
    }

    internal override bool IsEndReady(TimeSpan now) => _held.Count == 0 && (_isLetGo ? _endDue is not null : _endDue <= now);

    internal override void LetGo(TimeSpan now) => _isLetGo = true;

    internal override TimeSpan? NextDue(TimeSpan now)
    {
        TimeSpan? next = _held.TryPeek(out (TimeSpan Due, byte[] Bytes) first) ? first.Due : _endDue;
        return next > now && !_isLetGo ? next : null;
    }

    internal override void Release() => IsReleased = true;
}

/// <summary>Lets so many bytes pass, and then ends or resets.</summary>
internal sealed class LimitStage(int most, StageVerdict afterwards) : HoldingStage
{
    private byte[] _held = [];
    private int _passed;

    internal override int Room(TimeSpan now) => most - _passed - _held.Length;

    internal override bool HoldsBytes => _held.Length > 0;

    internal override StageVerdict Verdict => _passed == most ? afterwards : StageVerdict.Continue;

    internal override void Take(ReadOnlySpan<byte> bytes, TimeSpan now) => _held = [.. _held, .. bytes];

    internal override void TakeEnd(TimeSpan now)
    {
    }

    internal override ReadOnlySpan<byte> Ready(TimeSpan now) => _held;

    internal override void Advance(int count)
    {
        _held = _held[count..];
        _passed += count;
    }

    internal override bool IsEndReady(TimeSpan now) => _held.Length == 0;

    internal override void LetGo(TimeSpan now)
    {
    }

    internal override TimeSpan? NextDue(TimeSpan now) => null;

    internal override void Release()
    {
    }
}
