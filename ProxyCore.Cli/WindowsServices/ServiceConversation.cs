namespace ProxyCore.Cli.WindowsServices;

/// <summary>
/// What the service manager of Windows asks of the proxy, and what the proxy answers. Its calls wait for an answer, as the
/// manager's do. Any thread.
/// </summary>
/// <param name="stop">Asks the proxy to stop, as the first Ctrl+C does.</param>
internal sealed class ServiceConversation(Action stop)
{
    // How long the rest of a stop takes once all connections are closed.
    private static readonly TimeSpan _end = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _startAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Func<TimeSpan> _drainTimeout = static () => TimeSpan.Zero;

    /// <summary>Completes when the manager has asked for the start; fails when there is none to ask.</summary>
    internal Task StartAsked => _startAsked.Task;

    /// <summary>How long a stop may take: the drain, and some seconds to end.</summary>
    internal TimeSpan StopLimit => _drainTimeout() + _end;

    /// <summary>The manager asks for the start. Returns once clients are accepted; the service counts as running then.</summary>
    /// <exception cref="InvalidOperationException">The start has failed; the message says why.</exception>
    internal void AskStart()
    {
        _startAsked.TrySetResult();
        _started.Task.GetAwaiter().GetResult();
    }

    /// <summary>The manager asks for the stop. Returns once the proxy has stopped, or after <see cref="StopLimit"/>.</summary>
    internal void AskStop()
    {
        stop();
        _stopped.Task.Wait(StopLimit);
    }

    /// <summary>There is no manager to talk to.</summary>
    internal void TellNobodyAsks(Exception cause) => _startAsked.TrySetException(cause);

    /// <summary>Clients are accepted.</summary>
    /// <param name="drainTimeout">How long open connections may finish, as it is configured when it is asked for.</param>
    internal void TellStarted(Func<TimeSpan> drainTimeout)
    {
        _drainTimeout = drainTimeout;
        _started.TrySetResult();
    }

    /// <summary>The proxy has ended: stopped, or failed at its start for <paramref name="failure"/>.</summary>
    internal void TellEnded(string? failure = null)
    {
        if (failure is null)
        {
            _started.TrySetResult();
        }
        else
        {
            _started.TrySetException(new InvalidOperationException(failure));
        }

        _stopped.TrySetResult();
    }
}
