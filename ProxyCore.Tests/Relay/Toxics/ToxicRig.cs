using ProxyCore.Relay;
using ProxyCore.Relay.Toxics;

namespace ProxyCore.Tests.Relay.Toxics;

/// <summary>A row of toxics without sockets: bytes are put in and taken out by hand, and the clock moves by hand.</summary>
internal sealed class ToxicRig : IDisposable
{
    private readonly RelayBuffers _buffers;

    /// <param name="maxPending">What may be held in all.</param>
    internal ToxicRig(long maxPending = long.MaxValue) => _buffers = new RelayBuffers(64 * 1024, new PendingBudget(maxPending));

    internal StageChain Chain { get; private set; } = new(limit: null);

    internal TimeSpan Now { get; set; }

    internal StageVerdict Verdict => Chain.Verdict;

    internal long Rented => _buffers.Pool.Rented;

    internal RelayBuffers Buffers => _buffers;

    internal TimeSpan? NextDue => Chain.NextDue(Now);

    internal int Room => Chain.Room(Now);

    /// <summary>Whether all has come out and the end of the stream may follow.</summary>
    internal bool HasEnded => Chain.IsEndReady(Now);

    internal static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    internal static byte[] Bytes(int count, int first = 0)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = (byte)((first + i) % 251);
        }

        return bytes;
    }

    internal ToxicStage Add(Toxic toxic, ulong seed = 1)
    {
        ToxicStage stage = ToxicStages.Create(toxic, new ToxicContext(_buffers, Now, seed));
        Chain.Add(stage);
        return stage;
    }

    internal void Remove(HoldingStage stage) => Chain.Remove(stage, Now);

    internal void Send(params ReadOnlySpan<byte> bytes)
    {
        Assert.That(Room, Is.GreaterThanOrEqualTo(bytes.Length), "room");
        Chain.Take(bytes, Now);
    }

    internal void SendEnd() => Chain.TakeEnd(Now);

    /// <summary>Takes what is ready now, as a sink that takes <paramref name="most"/> bytes.</summary>
    internal byte[] Receive(int most = int.MaxValue)
    {
        var received = new List<byte>();
        while (received.Count < most && Chain.Ready(Now) is { IsEmpty: false } ready)
        {
            ready = ready[..Math.Min(ready.Length, most - received.Count)];
            received.AddRange(ready);
            Chain.Advance(ready.Length);
        }

        return [.. received];
    }

    /// <summary>Moves the clock to <paramref name="milliseconds"/> and takes what is ready then.</summary>
    internal byte[] ReceiveAt(double milliseconds)
    {
        Now = Ms(milliseconds);
        return Receive();
    }

    /// <summary>
    /// Follows <see cref="NextDue"/> until <paramref name="until"/> milliseconds. Returns when bytes came, each piece by itself:
    /// the time in milliseconds and their number.
    /// </summary>
    internal List<(double At, int Bytes)> Follow(double until, double late = 0)
    {
        var pieces = new List<(double At, int Bytes)>();
        while (true)
        {
            while (Chain.Ready(Now) is { IsEmpty: false } ready)
            {
                pieces.Add((Now.TotalMilliseconds, ready.Length));
                Chain.Advance(ready.Length);
            }

            if (NextDue is not { } due || due > Ms(until))
            {
                Now = Ms(until);
                return pieces;
            }

            Assert.That(due, Is.GreaterThan(Now), "a time that has passed makes the loop spin");
            Now = due + Ms(late);
        }
    }

    /// <summary>Ends the row of toxics, and begins another in the same memory.</summary>
    internal void Renew()
    {
        Chain.Release();
        Chain = new StageChain(limit: null);
        Now = TimeSpan.Zero;
    }

    public void Dispose()
    {
        Chain.Release();
        Assert.That(Rented, Is.Zero, "a block was not returned");
        _buffers.Dispose();
    }
}
