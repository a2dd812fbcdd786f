using System.Runtime.InteropServices;
using ProxyCore.Cli.WindowsServices;
using ProxyCore.Platform;

namespace ProxyCore.Cli;

/// <summary>Standard input, output and error of this process, whatever state it was started with.</summary>
internal static partial class StandardStreams
{
    private const int Input = 0;
    private const int Output = 1;
    private const int Error = 2;

    // The same on every Unix.
    private const int GetDescriptorFlags = 1;
    private const int CloseOnExec = 1;
    private const int ReadWrite = 2;
    private const int Interrupted = 4;
    private const short Writable = 4;

    private const int LinuxWouldBlock = 11;
    private const int BsdWouldBlock = 35;

    // Whether log lines have somewhere to go. The runtime may use the number of a closed stream for itself.
    private static bool _hasOutput = true;

    /// <summary>
    /// Opens those that are closed, on nothing: else the next sockets and files got their numbers, and log lines and error
    /// messages went to a client. To be called before anything else is opened.
    /// </summary>
    internal static void OpenClosed()
    {
        if (TargetSystem.IsWindows)
        {
            return;
        }

        _ = Open(Input);
        _hasOutput = Open(Output);
        if (!_hasOutput)
        {
            Console.SetOut(TextWriter.Null);
        }

        if (!Open(Error))
        {
            Console.SetError(TextWriter.Null);
        }
    }

    /// <summary>
    /// Has a standard stream open; false when the process was started without it and the runtime, which starts before any
    /// code of the program, has got its number for a pipe of its own.
    /// </summary>
    private static bool Open(int descriptor)
    {
        int flags = ControlDescriptor(descriptor, GetDescriptorFlags);
        if (flags < 0)
        {
            // It gets the lowest number that is free: this one.
            return OpenFile("/dev/null", ReadWrite) == descriptor;
        }

        // What is closed on exec was not there before it.
        return (flags & CloseOnExec) == 0;
    }

    /// <summary>
    /// Writes an error message as far as that is possible: an exit code is left when it is not. A Windows service writes it to
    /// the event log.
    /// </summary>
    internal static void WriteError(string message)
    {
        if (WindowsService.IsOne)
        {
            new EventLogOutput().TryWrite(message);
            return;
        }

        try
        {
            Console.Error.WriteLine(message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // Nowhere is left to report to: the disk is full, the terminal is gone, or the descriptor is closed.
        }
    }

    /// <summary>
    /// Writes all of <paramref name="bytes"/> to standard output, waiting as long as it takes nothing; false when a write
    /// fails, after <paramref name="written"/> bytes.
    /// </summary>
    /// <remarks>.NET's own stream reports success for a pipe that nobody reads: what is lost there would not be counted.</remarks>
    internal static bool TryWriteOutput(ReadOnlySpan<byte> bytes, out int written)
    {
        written = 0;
        if (!_hasOutput)
        {
            return true;
        }

        if (TargetSystem.IsWindows)
        {
            return TryWriteStream(bytes);
        }

        while (written < bytes.Length)
        {
            nint count = Write(Output, bytes[written..], bytes.Length - written);
            if (count >= 0)
            {
                written += (int)count;
            }
            else if (!MayTryAgain(Marshal.GetLastPInvokeError()))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryWriteStream(ReadOnlySpan<byte> bytes)
    {
        try
        {
            using Stream output = Console.OpenStandardOutput();
            output.Write(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Whether a write may succeed when it is tried again, which is waited for.</summary>
    private static bool MayTryAgain(int error)
    {
        if (error == (TargetSystem.IsLinux ? LinuxWouldBlock : BsdWouldBlock))
        {
            // Another process that has the same terminal or pipe has made it non-blocking.
            var output = new PollDescriptor { Descriptor = Output, Events = Writable };
            _ = Poll(ref output, 1, Timeout.Infinite);
            return true;
        }

        return error == Interrupted;
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int ControlDescriptor(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> bytes, nint count);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Results;
    }
}
