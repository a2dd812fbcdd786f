namespace ProxyCore.Tests.Harness;

/// <summary>What a thread allocates in a few windows of the same work, of which one must show exactly 0 bytes.</summary>
/// <remarks>
/// One window may show bytes that the work did not allocate. A thread owns a piece of the heap, and its counter jumps
/// when a collection takes back the rest of that piece: 7944 bytes were seen. The runtime also allocates on any thread,
/// each thing once: 56 bytes at the first read from a pipe, 2328 at one wait in Select on a busy machine. What the work
/// itself allocates shows in every window.
/// </remarks>
internal sealed class Allocations
{
    private const int MostWindows = 5;

    private readonly List<long> _windows = new(MostWindows);
    private long _before;

    /// <summary>Whether one window showed 0 bytes, or there were as many as may be.</summary>
    internal bool IsDone => _windows.Contains(0) || _windows.Count == MostWindows;

    /// <summary>The calling thread does all of <paramref name="work"/>, which is warm already, and allocates nothing.</summary>
    /// <param name="work">Is done once to five times.</param>
    /// <param name="about">Names the case in the message of a failure.</param>
    internal static void AssertNone(Action work, string about = "")
    {
        var allocations = new Allocations();
        while (!allocations.IsDone)
        {
            allocations.Open(GC.GetAllocatedBytesForCurrentThread());
            work();
            allocations.Close(GC.GetAllocatedBytesForCurrentThread());
        }

        allocations.AssertNone(about);
    }

    /// <summary>While <paramref name="work"/> is done, another thread allocates nothing.</summary>
    /// <param name="allocated">How many bytes that thread has allocated so far.</param>
    /// <param name="work">Is done once to five times.</param>
    internal static async Task AssertNone(Func<long> allocated, Func<Task> work)
    {
        var allocations = new Allocations();
        while (!allocations.IsDone)
        {
            allocations.Open(allocated());
            await work();
            allocations.Close(allocated());
        }

        allocations.AssertNone();
    }

    internal void Open(long allocated) => _before = allocated;

    internal void Close(long allocated) => _windows.Add(allocated - _before);

    internal void AssertNone(string about = "") =>
        Assert.That(_windows, Does.Contain(0L), $"bytes allocated in each window {about}");
}
