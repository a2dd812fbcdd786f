using System.Diagnostics.CodeAnalysis;

namespace ProxyCore.Connections.Pools;

/// <summary>
/// Looks each name up once at a time, for all who ask for it, and not too many names at a time. So look-ups do not pile up while
/// a name server is silent. Any thread.
/// </summary>
/// <remarks>
/// The system's look-up goes on for some 10 s after its caller has given up, holds a thread of the pool all the time, and lets
/// those of the same name wait for each other.
/// </remarks>
/// <typeparam name="T">What is found.</typeparam>
/// <param name="lookup">The name service; it may block, and its token is never cancelled.</param>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore has no wait handle, which is all that it would free.")]
internal sealed class SharedLookups<T>(Func<string, CancellationToken, Task<T>> lookup)
{
    private const int MostAtATime = 32;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turns = new(MostAtATime);
    private readonly Dictionary<string, Task<T>> _running = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Looks a name up, or joins the look-up of it that runs already. Does not block.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Gives up waiting; the look-up goes on for others.</param>
    internal Task<T> LookUpAsync(string name, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_running.TryGetValue(name, out Task<T>? running))
            {
                running = Task.Run(() => RunAsync(name), CancellationToken.None);
                _running.Add(name, running);

                // Its caller may have given up by then.
                _ = running.ContinueWith(
                    static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            }

            return running.WaitAsync(cancellationToken);
        }
    }

    private async Task<T> RunAsync(string name)
    {
        try
        {
            await _turns.WaitAsync().ConfigureAwait(false);
            try
            {
                return await lookup(name, CancellationToken.None).ConfigureAwait(false);
            }
            finally
            {
                _turns.Release();
            }
        }
        finally
        {
            lock (_gate)
            {
                _running.Remove(name);
            }
        }
    }
}
