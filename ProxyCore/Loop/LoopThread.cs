namespace ProxyCore.Loop;

/// <summary>The thread that runs a loop to its end. Other threads start it, ask it, and learn of its end.</summary>
/// <param name="loop">The loop.</param>
/// <param name="owner">Whose it is.</param>
/// <param name="name">What the thread is called.</param>
/// <param name="release">Called on the thread when the loop has stopped.</param>
/// <param name="onFailed">Called when the loop can't go on, or that has failed, or there is no thread.</param>
internal sealed class LoopThread(
    SelectLoop loop, ILoopMember owner, string name, Action release, Action<Exception> onFailed)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the loop has ended and everything is released; fails when the loop did. Any thread.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>
    /// Starts it, and does <paramref name="first"/> there before all else; completes when that is done, fails when that or
    /// the thread does. Any thread, once.
    /// </summary>
    internal async Task StartAsync(Action first)
    {
        Task done = Post(Answering(first));
        try
        {
            // Unsafe: it does not take over the execution context of its starter, which would stay for its whole life.
            new Thread(Run) { IsBackground = true, Name = name }.UnsafeStart();
        }
        catch (Exception exception)
        {
            Fail(exception);
        }

        await (await IsDoneAsync(done).ConfigureAwait(false) ? done : Ended).ConfigureAwait(false);
    }

    /// <summary>Has <paramref name="question"/> answered on the loop; <paramref name="ended"/> if that has ended. Any thread.</summary>
    internal async Task<T> AskAsync<T>(Func<T> question, T ended)
    {
        Task<T> answer = Post(question);
        return await IsDoneAsync(answer).ConfigureAwait(false) ? await answer.ConfigureAwait(false) : ended;
    }

    /// <summary>Does <paramref name="work"/> on the loop; completes when that is done, or the loop has ended. Any thread.</summary>
    internal Task DoAsync(Action work) => AskAsync(Answering(work), ended: false);

    /// <summary>
    /// Does <paramref name="work"/> on the loop with each of the items, in turns of the loop: see <see cref="TurnedWork{T}"/>. Completes
    /// when that is done, or the loop has ended; fails when the work does, and leaves the other items. Any thread.
    /// </summary>
    internal async Task DoEachAsync<T>(IReadOnlyList<T> items, int mostInTurn, Action<T> work)
    {
        var turns = new TurnedWork<T>(loop, items, mostInTurn, work);
        for (bool isLeft = items.Count > 0; isLeft;)
        {
            isLeft = await AskAsync(turns.DoSome, ended: false).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for what was posted; false when the loop has ended without it.</summary>
    private async Task<bool> IsDoneAsync(Task posted)
    {
        // Asked itself: of two that complete at once, WhenAny may see the end first, though it came last.
        await Task.WhenAny(posted, Ended).ConfigureAwait(false);
        return posted.IsCompleted;
    }

    private static Func<bool> Answering(Action work) => () =>
    {
        work();
        return true;
    };

    private Task<T> Post<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(owner, () => Complete(answer, question));
        return answer.Task;
    }

    /// <summary>Completes the answer, with the exception when the question throws: the caller waits for one or the other.</summary>
    private static void Complete<T>(TaskCompletionSource<T> answer, Func<T> question)
    {
        try
        {
            answer.TrySetResult(question());
        }
        catch (Exception exception)
        {
            answer.TrySetException(exception);
        }
    }

    private void Run()
    {
        try
        {
            loop.Run();
            release();
            _ended.SetResult();
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private void Fail(Exception exception)
    {
        onFailed(exception);
        _ended.SetException(exception);
    }
}
