using System.Runtime.InteropServices;
using ProxyCore.Platform;

namespace ProxyCore.Cli.Signals;

/// <summary>
/// SIGINT and SIGTERM, from its creation until it is disposed of: the first asks to drain, the second to end at once. A
/// third is left to the system, which ends the process whatever state it is in.
/// </summary>
/// <remarks>
/// On Windows these are Ctrl+C and the end of the machine, and two more stop it: Ctrl+Break, which .NET calls SIGQUIT, and the
/// closing of the console, which it calls SIGHUP. When a console closes or the machine ends, Windows ends the process as soon as the
/// handler returns, and after some seconds anyway: it gives that much time to drain, if the handler takes it.
/// </remarks>
internal sealed class StopSignals : IDisposable
{
    // Windows gives less, unless it is configured otherwise.
    private static readonly TimeSpan _longestGiven = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _second = new();
    private readonly ManualResetEventSlim _hasEnded = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    internal StopSignals()
    {
        PosixSignal[] signals = TargetSystem.IsWindows
            ? [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP]
            : [PosixSignal.SIGINT, PosixSignal.SIGTERM];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
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
        // The source and the event are not disposed of: a signal may still be on its way to them, on a thread of its own.
        _hasEnded.Set();
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

        if (TargetSystem.IsWindows && context.Signal is (PosixSignal.SIGTERM or PosixSignal.SIGHUP))
        {
            _hasEnded.Wait(_longestGiven);
        }
    }
}
