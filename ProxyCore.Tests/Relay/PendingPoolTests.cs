using ProxyCore.Relay;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Relay;

internal sealed class PendingPoolTests
{
    private static readonly byte[] _bytes = [1, 2, 3, 4, 5];
    private PendingBudget _budget = null!;
    private PendingPool _pool = null!;

    [SetUp]
    public void Create()
    {
        _budget = new PendingBudget(long.MaxValue);
        _pool = new PendingPool(_budget);
    }

    [TearDown]
    public void Dispose() => _pool.Dispose();

    [Test]
    public void Keep_copies_what_it_is_given()
    {
        byte[] given = [.. _bytes];
        PendingBytes pending = _pool.Keep(given);
        given[0] = 99;

        Assert.That(pending.Span.ToArray(), Is.EqualTo(_bytes));
        Assert.That(pending.Count, Is.EqualTo(_bytes.Length));
        _pool.Return(pending);
    }

    [Test]
    public void Advance_forgets_the_first_bytes()
    {
        PendingBytes pending = _pool.Keep(_bytes);

        pending.Advance(2);
        Assert.That(pending.Span.ToArray(), Is.EqualTo(_bytes[2..]));
        pending.Advance(3);

        Assert.That(pending.Count, Is.Zero);
        _pool.Return(pending);
    }

    [TestCase(1, PendingPool.SmallestBlock)]
    [TestCase(PendingPool.SmallestBlock, PendingPool.SmallestBlock)]
    [TestCase(PendingPool.SmallestBlock + 1, 2 * PendingPool.SmallestBlock)]
    [TestCase(200_000, 262_144)]
    [TestCase(16 * 1024 * 1024, 16 * 1024 * 1024)]
    public void A_block_is_the_next_power_of_two(int size, int expected)
    {
        byte[] bytes = SocketSteps.Pattern(size);

        PendingBytes pending = _pool.Keep(bytes);

        Assert.That((pending.Capacity, _pool.Rented), Is.EqualTo((expected, (long)expected)));
        Assert.That(pending.Span.SequenceEqual(bytes), Is.True);
        _pool.Return(pending);
        Assert.That(_pool.Rented, Is.Zero);
    }

    [Test]
    public void Blocks_in_use_do_not_share_memory()
    {
        PendingBytes[] all = [.. Enumerable.Range(0, 100).Select(index => _pool.Keep([.. Enumerable.Repeat((byte)index, 5000)]))];

        for (int index = 0; index < all.Length; index++)
        {
            Assert.That(all[index].Span.ContainsAnyExcept((byte)index), Is.False);
            _pool.Return(all[index]);
        }
    }

    [Test]
    public void A_returned_block_is_used_again_by_the_next_of_its_size()
    {
        PendingBytes first = _pool.Keep(new byte[7000]);
        _pool.Return(first);
        Assert.That(_pool.Kept, Is.EqualTo(first.Capacity));

        PendingBytes other = _pool.Keep(_bytes);
        PendingBytes same = _pool.Keep(new byte[5000]);

        Assert.That(same, Is.SameAs(first));
        Assert.That(same.Count, Is.EqualTo(5000));
        Assert.That(other, Is.Not.SameAs(first));
        Assert.That(_pool.Kept, Is.Zero);
        _pool.Return(other);
        _pool.Return(same);
    }

    [Test]
    public void What_a_thousand_slow_readers_held_goes_back_to_the_system()
    {
        byte[] bytes = new byte[256 * 1024];
        PendingBytes[] all = [.. Enumerable.Range(0, 1000).Select(_ => _pool.Keep(bytes))];
        Assert.That(_pool.Rented, Is.EqualTo(1000L * bytes.Length));

        Array.ForEach(all, _pool.Return);

        Assert.That(_pool.Rented, Is.Zero);
        Assert.That(_pool.Kept, Is.InRange(1, PendingPool.MostKept));
    }

    [Test]
    public void Blocks_count_in_the_budget_while_they_are_rented()
    {
        PendingBytes one = _pool.Keep(_bytes);
        PendingBytes other = _pool.Keep(new byte[7000]);
        Assert.That(_budget.Used, Is.EqualTo(one.Capacity + other.Capacity));

        _pool.Return(one);
        _pool.Return(other);

        Assert.That(_budget.Used, Is.Zero);
    }

    [Test]
    public void Dispose_keeps_nothing()
    {
        _pool.Return(_pool.Keep(_bytes));

        _pool.Dispose();

        Assert.That(_pool.Kept, Is.Zero);
    }
}
