using System.Runtime.InteropServices;
using ProxyCore.Platform;

namespace ProxyCore.Cli.Signals;

/// <summary>
/// SIGHUP, from the first line of the program to its last: the process never ends by it. What it means is said by the
/// command, and changes: reload, stop, nothing. A signal that comes before the command has said so is kept. Any thread.
/// </summary>
internal static partial class HangupSignal
{
    // The kernel's numbers are the same on every Unix.
    private const int Number = 1;
    private const nint DefaultAction = 0;
    private const nint IgnoringAction = 1;

    // More than struct sigaction has anywhere; it begins with the handler.
    private const int WordsOfAction = 64;

    private static readonly Lock _gate = new();
    private static PosixSignalRegistration? _registration;
    private static Action? _handler;
    private static bool _isPending;

    /// <summary>Takes the signal, unless the process was started with it ignored, as by nohup(1).</summary>
    internal static void Register()
    {
        // On Windows the signal of this name is the closing of the console.
        if (!TargetSystem.IsWindows && !IsIgnored())
        {
            _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Receive);
        }
    }

    /// <summary>
    /// Takes the signal also when the process was started with it ignored, so that it asks for a reload there too. What
    /// ignoring it is for, that the process outlives its terminal, remains true.
    /// </summary>
    internal static void RegisterThoughIgnored()
    {
        if (_registration is null && !TargetSystem.IsWindows)
        {
            // .NET leaves a signal ignored that is ignored when it is registered.
            _ = SetAction(Number, DefaultAction);
            _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Receive);
        }
    }

    /// <summary>Has <paramref name="handler"/> called at each signal from now on; at once when one has come already.</summary>
    internal static void Handle(Action handler)
    {
        lock (_gate)
        {
            _handler = handler;
            if (!_isPending)
            {
                return;
            }

            _isPending = false;
        }

        handler();
    }

    private static bool IsIgnored()
    {
        Span<nint> action = stackalloc nint[WordsOfAction];
        return GetAction(Number, 0, action) == 0 && action[0] == IgnoringAction;
    }

    private static void Receive(PosixSignalContext context)
    {
        context.Cancel = true;
        Action? handler;
        lock (_gate)
        {
            handler = _handler;
            _isPending |= handler is null;
        }

        handler?.Invoke();
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int GetAction(int signal, nint newAction, Span<nint> oldAction);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetAction(int signal, nint action);
}
