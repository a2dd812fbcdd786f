using System.Collections;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using ProxyCore.Loop;

namespace ProxyCore.Tests.Loop;

/// <summary>The border between what is ready and what is only registered, against a plain model.</summary>
internal sealed class SocketSetTests
{
    private const int Sockets = 40;

    private readonly Member _owner = new();
    private List<Probe> _all = [];
    private SocketSet _set = null!;
    private HashSet<Watched> _registered = [];
    private HashSet<Watched> _ready = [];

    private IList List => _set;

    [OneTimeSetUp]
    public void MakeSockets() => _all = [.. Enumerable.Range(0, Sockets).Select(_ => new Probe(NewSocket(), _owner))];

    [OneTimeTearDown]
    public void CloseSockets() => _all.ForEach(static probe => probe.Socket.Dispose());

    [SetUp]
    public void MakeSet()
    {
        _set = new SocketSet(SocketSetKind.Write);
        _registered = [];
        _ready = [];
    }

    [TearDown]
    public void EmptySet()
    {
        foreach (Watched watched in _registered)
        {
            _set.Remove(watched);
        }
    }

    [Test]
    public void An_added_socket_is_hidden_until_it_is_offered()
    {
        Add(_all[0]);
        Assert.That(List.Count, Is.Zero);

        Offer();
        Assert.That(List[0], Is.SameAs(_all[0].Socket));
    }

    [Test]
    public void A_socket_that_Select_removed_is_offered_again()
    {
        Add(_all[0]);
        Offer();
        RemoveAt(0);
        CheckAgainstModel();

        Offer();
        CheckAgainstModel();
        Assert.That(List.Count, Is.EqualTo(1));
    }

    [Test]
    public void A_ready_socket_that_leaves_is_not_taken()
    {
        Add(_all[0]);
        Add(_all[1]);
        Offer();
        Remove(_all[0]);

        Assert.That(_set.TryTakeReady(out Watched taken), Is.True);
        Assert.That(taken, Is.SameAs(_all[1]));
        Assert.That(_set.TryTakeReady(out _), Is.False);
        _ready.Clear();
    }

    [Test]
    public void A_socket_that_left_is_kept_alive_by_nothing([Values(0, 1, 2)] int leaving)
    {
        WeakReference gone = AddThreeAndRemove(leaving);
        GC.Collect();

        Assert.That(gone.IsAlive, Is.False);
    }

    [Test]
    public void Sockets_that_were_ready_stand_first_in_the_next_offer()
    {
        _all.ForEach(Add);
        Offer();
        while (List.Count > 3)
        {
            RemoveAt(0);
        }

        HashSet<Watched> ready = [.. _ready];
        Offer();

        Assert.That(Enumerable.Range(0, 3).Select(index => List[index]), Is.EquivalentTo(ready.Select(static one => one.Socket)));
    }

    [Test]
    public void Every_sequence_of_changes_agrees_with_the_model([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        for (int step = 0; step < 2000; step++)
        {
            TakeStep(random);
            CheckAgainstModel();
        }
    }

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private void TakeStep(Random random)
    {
        Probe probe = _all[random.Next(_all.Count)];
        switch (random.Next(10))
        {
            case 0:
                Offer();
                break;
            case 1 when random.Next(5) == 0:
                List.Clear();
                _ready.Clear();
                break;
            case 2 or 3 or 4 when List.Count > 0:
                RemoveAt(random.Next(List.Count));
                break;
            case 5 or 6:
                TakeReady();
                break;
            case 7 or 8 when !_registered.Contains(probe):
                Add(probe);
                break;
            case 9 when _registered.Contains(probe):
                Remove(probe);
                break;
        }
    }

    private void Add(Probe probe)
    {
        _set.Add(probe);
        _registered.Add(probe);
    }

    private void Remove(Probe probe)
    {
        _set.Remove(probe);
        _registered.Remove(probe);
        _ready.Remove(probe);
    }

    private void Offer()
    {
        _set.Offer();
        _ready = [.. _registered];
    }

    private void RemoveAt(int index)
    {
        _ready.RemoveWhere(watched => watched.Socket == List[index]);
        List.RemoveAt(index);
    }

    private void TakeReady()
    {
        bool expected = _ready.Count > 0;
        Assert.That(_set.TryTakeReady(out Watched taken), Is.EqualTo(expected));
        if (expected)
        {
            Assert.That(_ready.Remove(taken), Is.True, "took what was not ready");
        }
    }

    private void CheckAgainstModel()
    {
        var shown = new HashSet<object>();
        for (int index = 0; index < List.Count; index++)
        {
            shown.Add(List[index]!);
        }

        var found = new HashSet<Watched>();
        _set.Find(watched => !found.Add(watched));

        // Bare comparisons first: a constraint for each of some hundred thousand would take the time of all others.
        bool agrees = _set.Registered == _registered.Count
            && List.Count == _ready.Count
            && shown.SetEquals(_ready.Select(static one => one.Socket))
            && found.SetEquals(_registered)
            && _all.TrueForAll(probe => _registered.Contains(probe) == (probe.Positions[(int)SocketSetKind.Write] != 0));
        if (!agrees)
        {
            Assert.Fail($"{_set.Registered} registered, {List.Count} ready; expected {_registered.Count} and {_ready.Count}");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference AddThreeAndRemove(int leaving)
    {
        Probe[] probes = [.. Enumerable.Range(0, 3).Select(_ => new Probe(_all[0].Socket, _owner))];
        Array.ForEach(probes, _set.Add);
        _set.Offer();
        _set.Remove(probes[leaving]);
        return new WeakReference(probes[leaving]);
    }
}
