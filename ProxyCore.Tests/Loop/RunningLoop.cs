using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ProxyCore.Loop;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Loop;

/// <summary>A loop that runs on a thread of its own, as in the proxy.</summary>
internal sealed class RunningLoop : IDisposable
{
    private readonly Thread _thread;
    private Exception? _failure;

    internal RunningLoop(TimeProvider? timeProvider = null, ILogger? logger = null, SelectCall? select = null)
    {
        Loop = new SelectLoop(
            timeProvider ?? TimeProvider.System, logger ?? NullLogger.Instance, ParkingFixture.Policy, select);
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    internal SelectLoop Loop { get; }

    /// <summary>Runs <paramref name="work"/> on the loop's thread and waits for what it returns.</summary>
    internal T Do<T>(Func<T> work)
    {
        var answer = new TaskCompletionSource<T>();
        Loop.Post(new Member(), () => Answer(answer, work));
        Assert.That(answer.Task.Wait(SocketPair.Patience), Is.True, "the loop does not answer");
        return answer.Task.Result;
    }

    internal void Do(Action work) => Do(() =>
    {
        work();
        return true;
    });

    /// <summary>Waits for the end of the turn that is under way, and of one more.</summary>
    internal void FinishTurn()
    {
        Do(static () => { });
        Do(static () => { });
    }

    /// <summary>Waits until the loop has ended by itself.</summary>
    internal void WaitForEnd()
    {
        Assert.That(_thread.Join(SocketPair.Patience), Is.True, "the loop does not end");
        Assert.That(_failure, Is.Null);
    }

    public void Dispose()
    {
        Loop.Stop();
        WaitForEnd();
        Loop.Dispose();
    }

    private static void Answer<T>(TaskCompletionSource<T> answer, Func<T> work)
    {
        try
        {
            answer.SetResult(work());
        }
        catch (Exception exception)
        {
            answer.SetException(exception);
        }
    }

    private void Run()
    {
        try
        {
            Loop.Run();
        }
        catch (Exception exception)
        {
            _failure = exception;
        }
    }
}
