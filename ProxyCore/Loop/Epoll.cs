using System.Runtime.InteropServices;

namespace ProxyCore.Loop;

/// <summary>The three system calls of Linux's epoll, and how it lays out an event.</summary>
internal static partial class Epoll
{
    // include/uapi/linux/eventpoll.h
    internal const uint In = 0x1;
    internal const uint Urgent = 0x2;
    internal const uint Out = 0x4;
    internal const uint Error = 0x8;
    internal const uint HangUp = 0x10;
    internal const uint ReadHangUp = 0x2000;
    internal const uint EdgeTriggered = 1u << 31;
    internal const int Add = 1;
    internal const int Delete = 2;

    private const int CloseOnExec = 0x80000;

    // struct epoll_event is packed on x86 only: the 64-bit data stands at 4 there and at 8 elsewhere.
    private static readonly int _dataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    /// <summary>The bytes of one event.</summary>
    internal static int EventSize => _dataOffset + sizeof(ulong);

    /// <summary>Returns a new epoll descriptor, or -1.</summary>
    internal static int Create() => Create(CloseOnExec);

    /// <summary>Adds <paramref name="descriptor"/> to the set, or takes it out; returns whether that went well.</summary>
    internal static bool Control(int set, int operation, SafeHandle descriptor, uint events, ulong data)
    {
        Span<byte> one = stackalloc byte[EventSize];
        one.Clear();
        MemoryMarshal.Write(one, events);
        MemoryMarshal.Write(one[_dataOffset..], data);
        return Control(set, operation, descriptor, one) == 0;
    }

    /// <summary>Fills <paramref name="events"/> with what is ready now, without waiting; returns how many.</summary>
    internal static int Collect(int set, Span<byte> events)
    {
        // A signal may interrupt it: then nothing was ready yet, and the descriptor stays readable.
        int count = Wait(set, events, events.Length / EventSize, timeout: 0);
        return Math.Max(count, 0);
    }

    /// <summary>The event at <paramref name="index"/>.</summary>
    internal static (uint Events, ulong Data) Read(ReadOnlySpan<byte> events, int index)
    {
        ReadOnlySpan<byte> one = events.Slice(index * EventSize, EventSize);
        return (MemoryMarshal.Read<uint>(one), MemoryMarshal.Read<ulong>(one[_dataOffset..]));
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1")]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl")]
    private static partial int Control(int set, int operation, SafeHandle descriptor, Span<byte> one);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    private static partial int Wait(int set, Span<byte> events, int capacity, int timeout);
}
