using ProxyCore.Relay;

namespace ProxyCore.Tests.Relay;

internal sealed class PendingPoolTests
{
    private PendingPool _pool = null!;

    [SetUp]
    public void Create() => _pool = new PendingPool();

    [TearDown]
    public void Dispose() => _pool.Dispose();

    [TestCase(1, PendingPool.SmallestBlock)]
    [TestCase(PendingPool.SmallestBlock, PendingPool.SmallestBlock)]
    [TestCase(PendingPool.SmallestBlock + 1, 2 * PendingPool.SmallestBlock)]
    [TestCase(200_000, 262_144)]
    [TestCase(16 * 1024 * 1024, 16 * 1024 * 1024)]
    public void A_block_is_the_next_power_of_two(int size, int expected)
    {
        PendingBlock block = _pool.Rent(size);

        Assert.That((block.Size, block.Span.Length, _pool.Rented), Is.EqualTo((expected, expected, (long)expected)));
        block.Span.Fill(1);
        _pool.Return(block);
    }

    [Test]
    public void Blocks_in_use_do_not_share_memory()
    {
        PendingBlock[] blocks = [.. Enumerable.Range(0, 100).Select(_ => _pool.Rent(5000))];
        for (int index = 0; index < blocks.Length; index++)
        {
            blocks[index].Span.Fill((byte)index);
        }

        for (int index = 0; index < blocks.Length; index++)
        {
            Assert.That(blocks[index].Span.ContainsAnyExcept((byte)index), Is.False);
            _pool.Return(blocks[index]);
        }
    }

    [Test]
    public void A_returned_block_is_used_again()
    {
        PendingBlock first = _pool.Rent(10_000);
        _pool.Return(first);
        Assert.That(_pool.Kept, Is.EqualTo(first.Size));

        PendingBlock other = _pool.Rent(100);
        PendingBlock same = _pool.Rent(9_000);

        Assert.That(same.Address, Is.EqualTo(first.Address));
        Assert.That(other.Address, Is.Not.EqualTo(first.Address));
        Assert.That(_pool.Kept, Is.Zero);
        _pool.Return(other);
        _pool.Return(same);
    }

    [Test]
    public void What_a_thousand_slow_readers_held_goes_back_to_the_system()
    {
        PendingBlock[] blocks = [.. Enumerable.Range(0, 1000).Select(_ => _pool.Rent(256 * 1024))];
        Assert.That(_pool.Rented, Is.EqualTo(1000L * 256 * 1024));

        Array.ForEach(blocks, _pool.Return);

        Assert.That(_pool.Rented, Is.Zero);
        Assert.That(_pool.Kept, Is.InRange(1, PendingPool.MostKept));
    }

    [Test]
    public void Dispose_keeps_nothing()
    {
        _pool.Return(_pool.Rent(1));

        _pool.Dispose();

        Assert.That(_pool.Kept, Is.Zero);
    }
}
