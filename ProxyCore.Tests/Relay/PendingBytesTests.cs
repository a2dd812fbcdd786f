using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ProxyCore.Relay;

namespace ProxyCore.Tests.Relay;

internal sealed class PendingBytesTests
{
    private static readonly byte[] _bytes = [1, 2, 3, 4, 5];

    [Test]
    public void At_first_nothing_is_pending()
    {
        var pending = default(PendingBytes);

        Assert.That(pending.Count, Is.Zero);
        Assert.That(pending.Span.IsEmpty, Is.True);
    }

    [Test]
    public void Keep_copies_what_it_is_given()
    {
        byte[] given = [.. _bytes];
        var pending = default(PendingBytes);
        pending.Keep(given);
        given[0] = 99;

        Assert.That(pending.Span.ToArray(), Is.EqualTo(_bytes));
        pending.Release();
    }

    [Test]
    public void Advance_forgets_the_first_bytes()
    {
        var pending = default(PendingBytes);
        pending.Keep(_bytes);

        pending.Advance(2);

        Assert.That(pending.Span.ToArray(), Is.EqualTo(_bytes[2..]));
        pending.Release();
    }

    [Test]
    public void The_last_byte_out_returns_the_buffer()
    {
        var pending = default(PendingBytes);
        pending.Keep(_bytes);
        ref byte kept = ref MemoryMarshal.GetReference(pending.Span);

        pending.Advance(2);
        pending.Advance(3);

        byte[] next = ArrayPool<byte>.Shared.Rent(_bytes.Length);
        Assert.That(pending.Count, Is.Zero);
        Assert.That(Unsafe.AreSame(ref kept, ref next[0]), Is.True);
        ArrayPool<byte>.Shared.Return(next);
    }

    [Test]
    public void Release_returns_the_buffer_and_does_nothing_the_second_time()
    {
        var pending = default(PendingBytes);
        pending.Keep(_bytes);
        ref byte kept = ref MemoryMarshal.GetReference(pending.Span);

        pending.Release();
        pending.Release();

        byte[] first = ArrayPool<byte>.Shared.Rent(_bytes.Length);
        byte[] second = ArrayPool<byte>.Shared.Rent(_bytes.Length);
        Assert.That(pending.Count, Is.Zero);
        Assert.That(Unsafe.AreSame(ref kept, ref first[0]), Is.True);
        Assert.That(second, Is.Not.SameAs(first));
        ArrayPool<byte>.Shared.Return(first);
        ArrayPool<byte>.Shared.Return(second);
    }

    [Test]
    public void It_can_keep_again_after_the_last_byte_is_out()
    {
        var pending = default(PendingBytes);
        pending.Keep([9, 9]);
        pending.Advance(2);

        pending.Keep(_bytes);

        Assert.That(pending.Span.ToArray(), Is.EqualTo(_bytes));
        pending.Release();
    }
}
