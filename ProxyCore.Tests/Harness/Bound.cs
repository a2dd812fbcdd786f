namespace ProxyCore.Tests.Harness;

/// <summary>The bound of every wait in a test: far beyond what any takes, and a failure when it is reached.</summary>
internal static class Bound
{
    internal static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);

    internal static async Task<T> Within<T>(string what, Func<CancellationToken, ValueTask<T>> wait)
    {
        using var timeout = new CancellationTokenSource(Wait);
        try
        {
            return await wait(timeout.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited {Wait.TotalSeconds:0} s in vain: {what}");
        }
    }

    internal static Task Within(string what, Task task) =>
        Within(what, async cancellationToken =>
        {
            await task.WaitAsync(cancellationToken);
            return true;
        });
}
