namespace ProxyCore.Tests.Harness;

/// <summary>The rule that tests of allocations share fails for what is allocated each time, and for nothing else.</summary>
internal sealed class AllocationsTests
{
    private object? _kept;

    [Test]
    public void Work_that_allocates_nothing_is_done_once()
    {
        int times = 0;
        Allocations.AssertNone(() => times++);
        Assert.That(times, Is.EqualTo(1));
    }

    [TestCase(1)]
    [TestCase(4)]
    public void Work_that_allocates_only_at_first_passes(int allocating)
    {
        int times = 0;
        Allocations.AssertNone(() => Keep(times++ < allocating));
        Assert.That(times, Is.EqualTo(allocating + 1));
    }

    [Test]
    public void Work_that_allocates_one_object_each_time_fails_with_the_bytes_of_each_window()
    {
        int times = 0;

        string message = FailureOf(() => Allocations.AssertNone(() => Keep(times++ >= 0), "of a test"));

        Assert.That(times, Is.EqualTo(5));
        Assert.That(message, Does.Contain("in each window of a test").And.Contain("< 24, 24, 24, 24, 24 >"));
    }

    [Test]
    public async Task Another_threads_work_passes_when_it_allocates_only_at_first()
    {
        long allocated = 0;
        int times = 0;
        await Allocations.AssertNone(() => allocated, () =>
        {
            allocated += times++ == 0 ? 2328 : 0;
            return Task.CompletedTask;
        });
        Assert.That(times, Is.EqualTo(2));
    }

    [Test]
    public void Another_threads_work_that_allocates_each_time_fails_with_the_bytes_of_each_window()
    {
        long allocated = 0;

        string message = FailureOf(() => Allocations.AssertNone(() => allocated, Allocate).GetAwaiter().GetResult());

        Assert.That(message, Does.Contain("< 32, 32, 32, 32, 32 >"));

        Task Allocate()
        {
            allocated += 32;
            return Task.CompletedTask;
        }
    }

    private void Keep(bool allocates) => _kept = allocates ? new object() : _kept;

    private static string FailureOf(Action asserts) => Assert.Throws<AssertionException>(asserts)!.Message;
}
