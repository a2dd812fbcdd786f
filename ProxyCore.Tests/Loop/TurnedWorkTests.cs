using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ProxyCore.Loop;

namespace ProxyCore.Tests.Loop;

/// <summary>Work with many items takes many turns of the loop, each of which is bounded.</summary>
internal sealed class TurnedWorkTests
{
    private readonly List<int> _done = [];

    [SetUp]
    public void Forget() => _done.Clear();

    [Test]
    public void A_turn_works_with_so_many_items_at_the_most()
    {
        using SelectLoop loop = Loop(new FakeTimeProvider());
        var work = new TurnedWork<int>(loop, [1, 2, 3, 4, 5], mostInTurn: 2, _done.Add);

        Assert.That(work.DoSome(), Is.True);
        Assert.That(_done, Is.EqualTo([1, 2]));
        Assert.That(work.DoSome(), Is.True);
        Assert.That(_done, Is.EqualTo([1, 2, 3, 4]));
        Assert.That(work.DoSome(), Is.False);
        Assert.That(_done, Is.EqualTo([1, 2, 3, 4, 5]));
    }

    [TestCase(0.4, 3)]
    [TestCase(1, 1)]
    [TestCase(50, 1)]
    public void A_turn_begins_no_item_after_a_millisecond(double millisecondsOfAnItem, int itemsInTurn)
    {
        var clock = new FakeTimeProvider();
        using SelectLoop loop = Loop(clock);
        var work = new TurnedWork<int>(loop, [.. Enumerable.Range(1, 100)], mostInTurn: 100, item =>
        {
            _done.Add(item);
            clock.Advance(TimeSpan.FromMilliseconds(millisecondsOfAnItem));
        });

        work.DoSome();
        Assert.That(_done, Has.Count.EqualTo(itemsInTurn));
        work.DoSome();
        Assert.That(_done, Has.Count.EqualTo(2 * itemsInTurn));
    }

    [Test]
    public void Work_without_items_is_done()
    {
        using SelectLoop loop = Loop(new FakeTimeProvider());

        Assert.That(new TurnedWork<int>(loop, [], mostInTurn: 1, _done.Add).DoSome(), Is.False);
    }

    [Test]
    public void Between_two_turns_the_loop_does_what_else_there_is()
    {
        using var running = new RunningLoop();
        var owner = new Member();
        var order = new List<string>();
        running.Do(() =>
        {
            new TurnedWork<int>(running.Loop, [1, 2, 3], mostInTurn: 1, item => order.Add($"item {item}")).DoAll(owner);
            running.Loop.Post(owner, () => order.Add("other work"));
        });
        running.FinishTurn();
        running.FinishTurn();

        Assert.That(order, Is.EqualTo((string[])["item 1", "item 2", "other work", "item 3"]).Or.EqualTo((string[])["item 1", "other work", "item 2", "item 3"]));
    }

    private static SelectLoop Loop(TimeProvider clock) => new(clock, NullLogger.Instance, parking: null);
}
