using System.Diagnostics;
using System.Net.Sockets;
using ProxyCore.Loop;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Loop;

/// <summary>What many sockets cost where nothing is parked: Select's own price for each, and nothing on top that grows faster.</summary>
internal sealed class WithoutParkingTests
{
    private readonly Member _owner = new();
    private readonly List<SocketPair> _pairs = [];

    [TearDown]
    public void ClosePairs()
    {
        _pairs.ForEach(static pair => pair.Dispose());
        _pairs.Clear();
    }

    [TestCase(60)]
    [TestCase(400)]
    [TestCase(2000)]
    public void A_turn_allocates_no_more_than_Select_itself(int entries)
    {
        Socket[] sockets = MakeSockets(entries);
        using SelectPoller poller = Watch(sockets);
        List<Socket> list = [.. sockets];
        Turn(poller);

        long ofTurn = Least(() => Turn(poller));
        long ofSelect = Least(() =>
        {
            list.Clear();
            list.AddRange(sockets);
            Socket.Select(list, null, null, 0);
        });

        Assert.That(ofTurn, Is.EqualTo(ofSelect));
    }

    [Test]
    [NotUnderWine(NotUnderWineAttribute.OwnCosts)]
    public void Four_times_the_sockets_cost_no_more_than_eight_times_as_much()
    {
        using SelectPoller few = Watch(MakeSockets(1000));
        using SelectPoller many = Watch(MakeSockets(4000));

        double ofFew = Shortest(few);
        double ofMany = Shortest(many);

        Assert.That(ofMany / ofFew, Is.LessThan(8), "sixteen would be the square");
    }

    // Windows' Select compares upwards, and looks again where it has removed: SelectFileDescriptor in SocketPal.Windows.cs.
    [Test]
    public void A_list_that_is_filtered_upwards_keeps_what_is_ready()
    {
        Socket[] sockets = [.. MakeSockets(100).Distinct()];
        HashSet<Socket> ready = [.. sockets.Where(static (_, index) => index % 3 == 0)];
        using var poller = new SelectPoller(_owner, policy: null, (read, _, _, _) =>
        {
            for (int index = 0; index < read.Count; index++)
            {
                if (!ready.Contains((Socket)read[index]!))
                {
                    read.RemoveAt(index--);
                }
            }
        });
        Array.ForEach(sockets, socket => poller.SetInterest(new Probe(socket, _owner), Interest.Read));

        poller.Wait(0);

        var taken = new List<Socket>();
        while (poller.TryTakeReady(out Watched watched, out _))
        {
            taken.Add(watched.Socket);
        }

        Assert.That(taken, Is.EquivalentTo(ready));
    }

    /// <summary>So many entries, of a few quiet sockets: the system looks at each entry.</summary>
    private Socket[] MakeSockets(int entries)
    {
        while (_pairs.Count < 50)
        {
            _pairs.Add(SocketPair.Connect());
        }

        return [.. Enumerable.Range(0, entries).Select(entry => entry % 2 == 0 ? _pairs[entry / 2 % 50].Near : _pairs[entry / 2 % 50].Far)];
    }

    private SelectPoller Watch(Socket[] sockets)
    {
        var poller = new SelectPoller(_owner, policy: null);
        Array.ForEach(sockets, socket => poller.SetInterest(new Probe(socket, _owner), Interest.Read));
        return poller;
    }

    private static void Turn(SelectPoller poller)
    {
        poller.Wait(0);
        while (poller.TryTakeReady(out _, out _))
        {
        }
    }

    private static long Least(Action work) => Enumerable.Range(0, 5).Min(_ =>
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });

    /// <summary>The shortest of several turns: what disturbs one only adds to it.</summary>
    private static double Shortest(SelectPoller poller) => Enumerable.Range(0, 20).Min(_ =>
    {
        long begin = Stopwatch.GetTimestamp();
        Turn(poller);
        return Stopwatch.GetElapsedTime(begin).TotalMicroseconds;
    });
}
