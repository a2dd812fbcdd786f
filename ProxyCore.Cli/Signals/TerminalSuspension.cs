using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using ProxyCore.Platform;

namespace ProxyCore.Cli.Signals;

/// <summary>
/// Ctrl+Z, until it is disposed of: the terminal gets back the modes that it had at the start before the process is
/// suspended. .NET itself restores them only at the end of the process, and some shells do not.
/// </summary>
internal sealed partial class TerminalSuspension : IDisposable
{
    private const int Input = 0;
    private const int AtOnce = 0;

    // struct termios has 60 bytes on Linux, 72 on macOS.
    private const int MostBytesOfModes = 256;

    // SIGTSTP.
    private static readonly int _suspend = TargetSystem.IsLinux ? 20 : 18;

    private readonly byte[] _modes = new byte[MostBytesOfModes];
    private PosixSignalRegistration? _registration;

    internal TerminalSuspension()
    {
        if (!TargetSystem.IsWindows && GetModes(Input, _modes) == 0)
        {
            _registration = PosixSignalRegistration.Create(PosixSignal.SIGTSTP, Suspend);
        }
    }

    public void Dispose() => _registration?.Dispose();

    [UnsupportedOSPlatform("windows")]
    private void Suspend(PosixSignalContext context)
    {
        var modes = new byte[MostBytesOfModes];
        _ = GetModes(Input, modes);
        _ = SetModes(Input, AtOnce, _modes);
        Console.Out.Write("\e[?25h");

        // Without a registration the signal has its default action: the process is suspended here until a shell continues it,
        // or goes on at once where no shell could.
        _registration?.Dispose();
        _ = Raise(_suspend);
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGTSTP, Suspend);
        _ = SetModes(Input, AtOnce, modes);
        Console.Out.Write("\e[?25l");
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetModes(int descriptor, Span<byte> modes);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetModes(int descriptor, int when, ReadOnlySpan<byte> modes);

    [LibraryImport("libc", EntryPoint = "raise")]
    private static partial int Raise(int signal);
}
