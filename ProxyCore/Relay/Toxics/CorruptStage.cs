namespace ProxyCore.Relay.Toxics;

/// <summary>The stage of <see cref="CorruptToxic"/>.</summary>
internal sealed class CorruptStage : QueueStage
{
    private const int ByteValues = 256;

    private ToxicRandom _random;
    private double _share;

    // How many bytes pass before the next one is changed.
    private long _gap;

    internal CorruptStage(CorruptToxic toxic, in ToxicContext context)
        : base(in context)
    {
        _random = new ToxicRandom(context.Seed);
        Change(toxic, context.Now);
    }

    internal override void Take(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        if (IsLetGo)
        {
            base.Take(bytes, now);
            return;
        }

        while (!bytes.IsEmpty)
        {
            Span<byte> room = Held.Room(bytes.Length);
            bytes[..room.Length].CopyTo(room);
            Corrupt(room);
            Held.Commit(room.Length);
            bytes = bytes[room.Length..];
        }
    }

    internal override void Change(Toxic toxic, TimeSpan now)
    {
        _share = ((CorruptToxic)toxic).Share;
        _gap = NextGap();
    }

    private void Corrupt(Span<byte> bytes)
    {
        while (_gap < bytes.Length)
        {
            // Any other value, each as likely.
            bytes[(int)_gap] += (byte)(1 + _random.NextBelow(ByteValues - 1));
            bytes = bytes[((int)_gap + 1)..];
            _gap = NextGap();
        }

        _gap -= bytes.Length;
    }

    /// <summary>
    /// The bytes between two that are changed are distributed geometrically: one draw for each that is changed, instead of
    /// one for each that passes.
    /// </summary>
    private long NextGap()
    {
        if (_share <= 0)
        {
            return long.MaxValue;
        }

        // For a share of 1 a division by minus infinity: 0, or minus 0. What exceeds a long is cut to the largest.
        return (long)(double.LogP1(-_random.NextShare()) / double.LogP1(-_share));
    }
}
