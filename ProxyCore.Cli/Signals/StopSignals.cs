using System.Runtime.InteropServices;

namespace ProxyCore.Cli.Signals;

/// <summary>
/// SIGINT and SIGTERM, from its creation until it is disposed of: the first asks to drain, the second to end at once. A
/// third is left to the system, which ends the process whatever state it is in.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _second = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    internal StopSignals()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        ];
    }

    /// <summary>Completes at the first signal.</summary>
    internal Task First => _first.Task;

    /// <summary>Cancelled by the second signal.</summary>
    internal CancellationToken Second => _second.Token;

    /// <summary>What the process is to end with: the second signal's code, if there was one.</summary>
    internal int ExitCode { get; private set; } = Cli.ExitCode.Stopped;

    /// <summary>Does what the first signal does; nothing when there was one.</summary>
    internal void Stop()
    {
        if (Interlocked.CompareExchange(ref _count, 1, 0) == 0)
        {
            _first.TrySetResult();
        }
    }

    public void Dispose()
    {
        // The source is not disposed of: a signal may still be on its way to it, on a thread of its own.
        Array.ForEach(_registrations, static registration => registration.Dispose());
    }

    private void Handle(PosixSignalContext context)
    {
        switch (Interlocked.Increment(ref _count))
        {
            case 1:
                context.Cancel = true;
                _first.TrySetResult();
                break;
            case 2:
                context.Cancel = true;
                ExitCode = context.Signal == PosixSignal.SIGINT ? Cli.ExitCode.EndedBySigint : Cli.ExitCode.EndedBySigterm;
                _second.Cancel();
                break;
        }
    }
}
