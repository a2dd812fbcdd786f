using System.Diagnostics;
using System.Net.Sockets;
using ProxyCore.Loop;

namespace ProxyCore.Bench.Micro;

/// <summary>What one Select costs that watches every socket of so many quiet connections, of which one is ready.</summary>
/// <param name="Connections">How many; each has two sockets in the list.</param>
/// <param name="Microseconds">The processor time of a turn: Select, and taking what is ready.</param>
/// <param name="Bytes">What the turn allocates.</param>
/// <param name="BytesOfSelect">What Select alone allocates on a list of the same length.</param>
internal sealed record SelectCost(int Connections, double Microseconds, long Bytes, long BytesOfSelect)
{
    private const int EntriesPerConnection = 2;

    // More entries than sockets: poll looks at each entry, and the process may not have 20,000 sockets.
    private const int MostSockets = 2000;

    private const int Series = 15;
    private const int TurnsTogether = 60;

    internal static IReadOnlyList<int> Counts { get; } = [40, 100, 500, 1000, 2000, 4000, 6000, 8000, 10_000];

    internal static SelectCost Measure(int connections)
    {
        int entries = connections * EntriesPerConnection;
        var sockets = new List<Socket>();
        while (sockets.Count < Math.Min(entries, MostSockets))
        {
            (Socket near, Socket far) = SocketPairs.Connect();
            sockets.AddRange([near, far]);
        }

        try
        {
            return Measure(connections, entries, sockets);
        }
        finally
        {
            sockets.ForEach(static socket => socket.Dispose());
        }
    }

    private static SelectCost Measure(int connections, int entries, List<Socket> sockets)
    {
        var owner = new Nobody();
        using var poller = new SelectPoller(owner, policy: null);

        // The first socket is in the list once, and gets a byte that nobody reads: it stays ready.
        poller.SetInterest(owner.Watch(sockets[0]), Interest.Read);
        for (int entry = 1; entry < entries; entry++)
        {
            poller.SetInterest(owner.Watch(sockets[1 + (entry % (sockets.Count - 1))]), Interest.Read);
        }

        sockets[1].Send("a"u8);
        Turn(poller, TurnsTogether);
        double shortest = double.MaxValue;
        for (int series = 0; series < Series; series++)
        {
            long begin = Stopwatch.GetTimestamp();
            Turn(poller, TurnsTogether);
            shortest = Math.Min(shortest, Stopwatch.GetElapsedTime(begin).TotalMicroseconds / TurnsTogether);
        }

        long bytes = Allocated(() => Turn(poller, 1));
        List<Socket> list = [.. Enumerable.Range(0, entries).Select(entry => sockets[entry % sockets.Count])];
        return new SelectCost(connections, shortest, bytes, Allocated(() => Socket.Select(list, null, null, 0)));
    }

    private static void Turn(SelectPoller poller, int times)
    {
        for (int turn = 0; turn < times; turn++)
        {
            poller.Wait(0);
            while (poller.TryTakeReady(out Watched watched, out Interest ready))
            {
                watched.OnReady(ready);
            }
        }
    }

    private static long Allocated(Action work)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
