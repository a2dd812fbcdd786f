using ProxyCore.Relay;

namespace ProxyCore.Tests.Relay;

internal sealed class PendingBytesTests
{
    private static readonly byte[] _bytes = [1, 2, 3, 4, 5];
    private PendingPool _pool = null!;

    [SetUp]
    public void Create() => _pool = new PendingPool();

    [TearDown]
    public void NothingIsLeft()
    {
        Assert.That(_pool.Rented, Is.Zero);
        _pool.Dispose();
    }

    [Test]
    public void At_first_nothing_is_pending()
    {
        var pending = default(PendingBytes);

        Assert.That(pending.Count, Is.Zero);
        Assert.That(pending.Span.IsEmpty, Is.True);
        Assert.That(_pool.Rented, Is.Zero);
    }

    [Test]
    public void Keep_copies_what_it_is_given()
    {
        byte[] given = [.. _bytes];
        var pending = default(PendingBytes);
        pending.Keep(given, _pool);
        given[0] = 99;

        Assert.That(pending.Span.ToArray(), Is.EqualTo(_bytes));
        pending.Release(_pool);
    }

    [Test]
    public void Advance_forgets_the_first_bytes()
    {
        var pending = default(PendingBytes);
        pending.Keep(_bytes, _pool);

        pending.Advance(2, _pool);

        Assert.That(pending.Span.ToArray(), Is.EqualTo(_bytes[2..]));
        pending.Release(_pool);
    }

    [Test]
    public void The_last_byte_out_returns_the_block()
    {
        var pending = default(PendingBytes);
        pending.Keep(_bytes, _pool);

        pending.Advance(2, _pool);
        Assert.That(_pool.Rented, Is.EqualTo(PendingPool.SmallestBlock));
        pending.Advance(3, _pool);

        Assert.That((pending.Count, _pool.Rented), Is.EqualTo((0, 0L)));
    }

    [Test]
    public void Release_returns_the_block_and_does_nothing_the_second_time()
    {
        var pending = default(PendingBytes);
        pending.Keep(_bytes, _pool);

        pending.Release(_pool);
        pending.Release(_pool);

        Assert.That((pending.Count, _pool.Rented, _pool.Kept), Is.EqualTo((0, 0L, PendingPool.SmallestBlock)));
    }

    [Test]
    public void It_can_keep_again_after_the_last_byte_is_out()
    {
        var pending = default(PendingBytes);
        pending.Keep([9, 9], _pool);
        pending.Advance(2, _pool);

        pending.Keep(_bytes, _pool);

        Assert.That(pending.Span.ToArray(), Is.EqualTo(_bytes));
        pending.Release(_pool);
    }
}
