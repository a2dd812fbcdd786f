using System.Runtime.InteropServices;

namespace ProxyCore.Loop;

/// <summary>When a socket leaves Select's lists for the idle set, and when it comes back. Counts Selects, knows no sockets.</summary>
/// <remarks>
/// Rent or buy: an entry of the lists costs each Select some 0.1 µs, ready or not; a parked socket costs nothing while
/// it is quiet and some 0.3 µs an event; to move there and back costs 0.8 µs. So a socket owes for each Select that it
/// was quiet in, pays back one when it is ready twice running, and parks when its debt reaches that price: one that is
/// ready in three of five Selects stays. A parked socket returns when it fires at every look. Measured: parking after
/// 4 instead of 8 quiet Selects costs short connections 4% more processor time, and gains busy ones nothing.
/// </remarks>
internal sealed class ParkingPolicy(int fewSockets, int quietSelects, int busyLooks)
{
    /// <summary>Few sockets are cheaper to hand to Select than to keep in a second set.</summary>
    private const int DefaultFewSockets = 16;

    private const int MostReturned = DefaultFewSockets;

    private const int DefaultQuietSelects = 8;
    private const int DefaultBusyLooks = 8;

    // A look that finds nothing costs a fifth of the Select that one with a find saves. Under load one in seventy
    // finds nothing; one event now and then is another matter.
    private const int BatchWorthALook = 4;

    // So that the sockets in Select's lists don't wait long: some 3 ms.
    private const int EventsBetweenSelects = 256;

    internal ParkingPolicy()
        : this(DefaultFewSockets, DefaultQuietSelects, DefaultBusyLooks)
    {
    }

    /// <summary>Whether anything is to be parked among <paramref name="sockets"/>.</summary>
    internal bool Applies(int sockets) => sockets > fewSockets;

    /// <summary>Notes that a socket of the lists was ready in Select number <paramref name="select"/>.</summary>
    internal static void NoteReady(ref Heat heat, uint select)
    {
        uint apart = select - heat.LastReady;
        heat.LastReady = select;
        heat.Debt = apart switch
        {
            0 => heat.Debt,
            1 => (byte)Math.Max(heat.Debt - 1, 0),
            _ => (byte)Math.Min(heat.Debt + apart - 1, byte.MaxValue),
        };
    }

    /// <summary>Whether a socket of the lists that was not ready in Select number <paramref name="select"/> is to be parked.</summary>
    internal bool ShouldPark(in Heat heat, uint select) => select - heat.LastReady + heat.Debt >= quietSelects;

    /// <summary>
    /// Whether a parked socket that fired at look number <paramref name="look"/> has earned its return; notes that it fired.
    /// </summary>
    /// <param name="heat">The socket's.</param>
    /// <param name="look">The number of the last look at the parked sockets.</param>
    internal bool ShouldReturn(ref Heat heat, uint look)
    {
        uint apart = look - heat.LastReady;
        heat.LastReady = look;
        heat.Streak = apart > 1 ? (byte)0 : (byte)Math.Min(heat.Streak + apart, byte.MaxValue);
        return heat.Streak >= busyLooks;
    }

    /// <summary>Whether there is a place for one that returns where Select has <paramref name="entries"/> without it.</summary>
    internal static bool MayReturn(int entries) => entries < MostReturned;

    /// <summary>
    /// Whether to ask the idle set again before the next Select: while the batches that it gave were handled, more has
    /// probably come.
    /// </summary>
    /// <param name="lastBatch">How many events it gave last.</param>
    /// <param name="sinceSelect">How many it has given since the last Select.</param>
    /// <param name="lastLookPaid">Whether the last look found any.</param>
    internal static bool ShouldLookAgain(int lastBatch, int sinceSelect, bool lastLookPaid) =>
        lastBatch >= (lastLookPaid ? 1 : BatchWorthALook) && sinceSelect < EventsBetweenSelects;

    /// <summary>How lately, and how often running, a socket was ready. Each socket has one: packed, it is 6 bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    internal struct Heat
    {
        /// <summary>
        /// The number of the last Select that found it ready, or after which it came; of the last look while it is
        /// parked. Numbers wrap around.
        /// </summary>
        internal uint LastReady;

        /// <summary>How many more Selects found it quiet, while it was in the lists, than ready twice running.</summary>
        internal byte Debt;

        /// <summary>At how many looks running it was ready while parked.</summary>
        internal byte Streak;
    }
}
