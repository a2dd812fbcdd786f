using System.Net.Sockets;
using ProxyCore.Loop;

namespace ProxyCore.Tests.Loop;

internal sealed class PostedWorkTests
{
    private readonly Member _owner = new();
    private LoopSignal _signal = null!;
    private PostedWork _posted = null!;

    private bool IsSignalled => _signal.Socket.Poll(0, SelectMode.SelectRead);

    [SetUp]
    public void MakeIt()
    {
        _signal = LoopSignal.Create(_owner);
        _posted = new PostedWork(_signal);
    }

    [TearDown]
    public void CloseSignal() => _signal.Dispose();

    [Test]
    public void A_post_does_not_signal_a_loop_that_is_awake()
    {
        _posted.Post(_owner, Nothing);

        Assert.That(IsSignalled, Is.False);
    }

    [Test]
    public void A_post_signals_a_loop_that_blocks()
    {
        Assert.That(_posted.TryBlock(), Is.True);

        _posted.Post(_owner, Nothing);

        Assert.That(IsSignalled, Is.True);
    }

    [Test]
    public void Many_posts_to_a_blocked_loop_are_one_signal()
    {
        const int TakenAtATime = 64;
        _posted.TryBlock();
        for (int i = 0; i <= TakenAtATime; i++)
        {
            _posted.Post(_owner, Nothing);
        }

        _signal.OnReady(Interest.Read);

        Assert.That(IsSignalled, Is.False);
    }

    [Test]
    public void A_loop_does_not_block_while_work_waits()
    {
        _posted.Post(_owner, Nothing);

        Assert.That(_posted.TryBlock(), Is.False);
    }

    [Test]
    public void Take_gives_each_work_once_and_in_order()
    {
        Action[] work = [() => { }, () => { }, () => { }];
        Array.ForEach(work, one => _posted.Post(_owner, one));

        Assert.That(_posted.Take().Select(static taken => taken.Work), Is.EqualTo(work));
        Assert.That(_posted.Take(), Is.Empty);
        Assert.That(_posted.TryBlock(), Is.True);
    }

    [Test]
    public void What_is_posted_while_the_taken_work_runs_comes_with_the_next_take()
    {
        _posted.Post(_owner, () => _posted.Post(_owner, Nothing));
        foreach ((_, Action work) in _posted.Take())
        {
            work();
        }

        Assert.That(_posted.Take(), Has.Count.EqualTo(1));
    }

    [Test]
    public void After_a_take_the_loop_is_awake()
    {
        _posted.TryBlock();
        _posted.Take();

        _posted.Post(_owner, Nothing);

        Assert.That(IsSignalled, Is.False);
    }

    [Test]
    public void A_signal_that_is_handled_is_quiet_again()
    {
        _signal.Set();
        _signal.Set();

        _signal.OnReady(Interest.Read);

        Assert.That(IsSignalled, Is.False);
    }

    private static void Nothing()
    {
    }
}
