using System.Globalization;
using System.Runtime.InteropServices;

namespace ProxyCore.Bench.Chaos.Stage;

/// <summary>Signals to other processes.</summary>
internal static partial class Signals
{
    // Linux, include/uapi/asm-generic/signal.h
    internal const int HangUp = 1;
    internal const int Terminate = 15;
    internal const int Continue = 18;
    internal const int Stop = 19;

    internal static void Send(int process, int signal) => _ = Kill(process, signal);

    /// <summary>Whether <paramref name="process"/> has a handler for <paramref name="signal"/> now.</summary>
    internal static bool IsCaught(int process, int signal)
    {
        try
        {
            string? caught = File.ReadLines($"/proc/{process}/status").FirstOrDefault(static line => line.StartsWith("SigCgt:", StringComparison.Ordinal));
            return caught is not null && (ulong.Parse(caught[7..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << (signal - 1))) != 0;
        }
        catch (IOException)
        {
            // It has ended.
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
