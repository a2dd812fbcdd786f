using Microsoft.Extensions.Time.Testing;

namespace WithNUnit;

internal static class Clocks
{
    /// <summary>Moves the clock until the task is done: nothing tells a test when bytes have reached a toxic.</summary>
    internal static async Task<T> AdvanceUntil<T>(this FakeTimeProvider clock, Task<T> task)
    {
        while (await Task.WhenAny(task, Task.Delay(1)) != task)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        return await task;
    }
}
