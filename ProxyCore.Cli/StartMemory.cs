using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ProxyCore.Platform;

namespace ProxyCore.Cli;

/// <summary>Gives back memory that only the start needs. For native builds on Linux.</summary>
/// <remarks>
/// Linux maps 64 KB of a program around each place that is touched, and keeps that. What runs once at the start
/// (options, services, help for everything that may be asked for) touches half of the program: 8 MB, of which relaying
/// needs less than half. OpenSSL's libraries are the same, where TLS has loaded them: of 4.6 MB 0.5 stay. A
/// page that is needed again is read again: so this is for the start only, while nobody waits.
/// </remarks>
internal static partial class StartMemory
{
    private const string Maps = "/proc/self/maps";

    // madvise(2), since Linux 5.4: what has been written to stays.
    private const int PageOut = 21;

    internal static void GiveBack()
    {
        if (!TargetSystem.IsLinux || RuntimeFeature.IsDynamicCodeSupported || Environment.ProcessPath is not { } program)
        {
            return;
        }

        string[] files = [program, "/libcrypto.so.3", "/libssl.so.3"];
        foreach (string line in ReadMaps(Maps).Where(line => files.Any(file => line.EndsWith(file, StringComparison.Ordinal))))
        {
            (nuint begin, nuint end) = Range(line);
            _ = Advise(begin, end - begin, PageOut);
        }
    }

    /// <summary>The lines of the file; none where there is no /proc, as in a chroot, or where it may not be read.</summary>
    internal static IReadOnlyList<string> ReadMaps(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The address range at the beginning of a line: proc(5).</summary>
    internal static (nuint Begin, nuint End) Range(string line)
    {
        int dash = line.IndexOf('-');
        int blank = line.IndexOf(' ');
        return (Parse(line.AsSpan(0, dash)), Parse(line.AsSpan(dash + 1, blank - dash - 1)));
    }

    private static nuint Parse(ReadOnlySpan<char> hexadecimal) =>
        nuint.Parse(hexadecimal, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    // On an older system, or one that forbids it, the memory stays resident.
    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nuint address, nuint length, int advice);
}
