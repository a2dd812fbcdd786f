using ProxyCore.Relay;
using ProxyCore.Relay.Toxics;
using static ProxyCore.Tests.Relay.Toxics.ToxicRig;

namespace ProxyCore.Tests.Relay.Toxics;

internal sealed class ByteQueueTests
{
    private PendingPool _pool = null!;
    private ByteQueue _queue = null!;

    [SetUp]
    public void Create()
    {
        _pool = new PendingPool(new PendingBudget(long.MaxValue));
        _queue = new ByteQueue(_pool);
    }

    [TearDown]
    public void Dispose()
    {
        _queue.Clear();
        Assert.That((_queue.Count, _queue.First.Length, _pool.Rented), Is.EqualTo((0, 0, 0L)));
        _pool.Dispose();
    }

    [TestCase(1)]
    [TestCase(4096)]
    [TestCase(100_000)]
    [TestCase(1_000_000)]
    public void What_is_appended_comes_out_in_order(int size)
    {
        byte[] expected = [.. Bytes(size), .. Bytes(size, first: 7)];
        _queue.Append(Bytes(size));
        _queue.Append(Bytes(size, first: 7));
        Assert.That(_queue.Count, Is.EqualTo(2 * size));

        var taken = new List<byte>();
        while (_queue.Count > 0)
        {
            ReadOnlySpan<byte> first = _queue.First[..Math.Min(_queue.First.Length, 3000)];
            taken.AddRange(first);
            _queue.Advance(first.Length);
        }

        Assert.That(taken.SequenceEqual(expected), Is.True);
    }

    [Test]
    public void Few_bytes_take_the_smallest_block_and_many_take_few_blocks()
    {
        for (int i = 0; i < 100; i++)
        {
            _queue.Append(Bytes(10));
        }

        Assert.That(_pool.Rented, Is.EqualTo(PendingPool.SmallestBlock));
        for (int i = 0; i < 1000; i++)
        {
            _queue.Append(Bytes(4000));
        }

        Assert.That(_pool.Rented, Is.LessThan(_queue.Count + (2 * ByteQueue.LargestBlock)));
    }

    [Test]
    public void A_block_goes_back_as_soon_as_its_bytes_are_out()
    {
        _queue.Append(Bytes(100));
        _queue.Advance(99);
        Assert.That(_pool.Rented, Is.EqualTo(PendingPool.SmallestBlock));

        _queue.Advance(1);

        Assert.That(_pool.Rented, Is.Zero);
    }

    [Test]
    public void What_is_appended_whole_lies_in_one_block()
    {
        _queue.AppendWhole(Bytes(4000));
        _queue.AppendWhole(Bytes(3000));
        Assert.That(_queue.First.Length, Is.EqualTo(4000));

        _queue.Advance(4000);

        Assert.That(_queue.First.ToArray(), Is.EqualTo(Bytes(3000)));
    }

    [Test]
    public void A_ring_keeps_its_parts_in_order_while_it_turns_and_grows()
    {
        var ring = new ChunkRing();
        var expected = new Queue<(TimeSpan, int)>();
        for (int i = 1; i < 2000; i++)
        {
            ring.Add(Ms(i), i);
            expected.Enqueue((Ms(i), i));
            if (i % 3 == 0)
            {
                (TimeSpan time, int bytes) = expected.Dequeue();
                Assert.That((ring.First.Time, ring.Take()), Is.EqualTo((time, bytes)));
            }
        }

        Assert.That(ring.Count, Is.EqualTo(expected.Count));
    }

    [Test]
    public void A_ring_joins_parts_of_one_time_and_gives_out_a_part_in_pieces()
    {
        var ring = new ChunkRing();
        ring.Join(Ms(1), 10);
        ring.Join(Ms(1), 5);
        ring.Join(Ms(2), 7);
        Assert.That((ring.Count, ring.First.Bytes), Is.EqualTo((2, 15)));

        ring.Take(6);
        Assert.That((ring.Count, ring.First.Bytes, ring.First.Time), Is.EqualTo((2, 9, Ms(1))));
        ring.Take(9);

        Assert.That((ring.Count, ring.First.Bytes), Is.EqualTo((1, 7)));
    }
}
