using ProxyCore.Loop;

namespace ProxyCore.Tests.Loop;

/// <summary>When sockets are parked and when they return, by counting Selects.</summary>
internal sealed class ParkingPolicyTests
{
    private readonly ParkingPolicy _policy = new(fewSockets: 16, quietSelects: 4, busyLooks: 3);

    [TestCase(0, false)]
    [TestCase(16, false)]
    [TestCase(17, true)]
    [TestCase(10_000, true)]
    public void Few_sockets_are_left_to_Select(int sockets, bool applies) =>
        Assert.That(_policy.Applies(sockets), Is.EqualTo(applies));

    [TestCase(10u, 10u, false)]
    [TestCase(10u, 13u, false)]
    [TestCase(10u, 14u, true)]
    [TestCase(10u, 1000u, true)]
    public void A_socket_parks_when_it_has_been_quiet_for_some_Selects(uint lastReady, uint select, bool parks) =>
        Assert.That(_policy.ShouldPark(new ParkingPolicy.Heat { LastReady = lastReady }, select), Is.EqualTo(parks));

    [TestCase(uint.MaxValue, 1u, false)]
    [TestCase(uint.MaxValue - 1, 2u, true)]
    public void Numbers_of_Selects_may_wrap_around(uint lastReady, uint select, bool parks) =>
        Assert.That(_policy.ShouldPark(new ParkingPolicy.Heat { LastReady = lastReady }, select), Is.EqualTo(parks));

    [TestCase(new uint[] { 1, 2, 3, 4 }, 0)]
    [TestCase(new uint[] { 1, 2, 4, 5, 7 }, 1)]
    [TestCase(new uint[] { 2, 4, 6 }, 3)]
    [TestCase(new uint[] { 2, 4, 6, 7, 8 }, 1)]
    [TestCase(new uint[] { 2, 2, 2 }, 1)]
    [TestCase(new uint[] { 1000 }, 255)]
    public void A_socket_owes_for_quiet_Selects_and_pays_back_when_it_is_ready_twice_running(uint[] ready, int debt)
    {
        var heat = new ParkingPolicy.Heat { LastReady = 0 };

        foreach (uint select in ready)
        {
            ParkingPolicy.NoteReady(ref heat, select);
        }

        Assert.That((heat.Debt, heat.LastReady), Is.EqualTo(((byte)debt, ready[^1])));
    }

    [TestCase(3, 0u, false)]
    [TestCase(3, 1u, true)]
    [TestCase(1, 2u, false)]
    [TestCase(1, 3u, true)]
    public void A_socket_with_debts_parks_sooner(int debt, uint quiet, bool parks) =>
        Assert.That(
            _policy.ShouldPark(new ParkingPolicy.Heat { LastReady = 10, Debt = (byte)debt }, 10 + quiet),
            Is.EqualTo(parks));

    [Test]
    public void A_parked_socket_returns_when_it_fires_at_enough_looks_running()
    {
        var heat = new ParkingPolicy.Heat { LastReady = 10 };

        Assert.That(Fired(ref heat, 20, 21, 22, 23), Is.EqualTo((bool[])[false, false, false, true]));
    }

    [Test]
    public void A_look_without_it_begins_the_count_anew()
    {
        var heat = new ParkingPolicy.Heat { LastReady = 10 };

        Assert.That(Fired(ref heat, 11, 12, 14, 15, 16, 17), Is.EqualTo((bool[])[false, false, false, false, false, true]));
    }

    [Test]
    public void Events_of_one_look_count_as_one()
    {
        var heat = new ParkingPolicy.Heat { LastReady = 10 };

        Assert.That(Fired(ref heat, 20, 20, 20, 20, 20), Has.All.False);
    }

    [TestCase(15, true)]
    [TestCase(16, false)]
    public void Nobody_returns_to_a_list_that_is_long(int entries, bool returns)
    {
        var heat = new ParkingPolicy.Heat { LastReady = 9, Streak = 5 };

        Assert.That(_policy.ShouldReturn(ref heat, 10) && ParkingPolicy.MayReturn(entries), Is.EqualTo(returns));
    }

    [Test]
    public void A_socket_that_fires_all_the_time_keeps_its_streak()
    {
        var heat = new ParkingPolicy.Heat { LastReady = 0 };
        uint[] looks = [.. Enumerable.Range(1, 1000).Select(static look => (uint)look)];

        Assert.That(Fired(ref heat, looks).Skip(10), Has.All.True);
    }

    [TestCase(0, 0, true, false)]
    [TestCase(1, 1, true, true)]
    [TestCase(1, 1, false, false)]
    [TestCase(3, 3, false, false)]
    [TestCase(4, 4, false, true)]
    [TestCase(128, 128, true, true)]
    [TestCase(128, 256, true, false)]
    public void The_idle_set_is_asked_again_while_that_pays_but_not_for_long(
        int lastBatch, int sinceSelect, bool lastLookPaid, bool again) =>
        Assert.That(ParkingPolicy.ShouldLookAgain(lastBatch, sinceSelect, lastLookPaid), Is.EqualTo(again));

    private bool[] Fired(ref ParkingPolicy.Heat heat, params uint[] looks)
    {
        bool[] returns = new bool[looks.Length];
        for (int index = 0; index < looks.Length; index++)
        {
            returns[index] = _policy.ShouldReturn(ref heat, looks[index]);
        }

        return returns;
    }
}
