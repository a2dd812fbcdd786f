using Microsoft.Extensions.Logging.Abstractions;
using ProxyCore.Loop;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Loop;

/// <summary>Whoever waits for a loop is told: of the answer, of its failure, and of the loop's end.</summary>
internal sealed class LoopThreadTests
{
    private SelectLoop _loop = null!;
    private LoopThread _thread = null!;
    private Exception? _failure;

    [SetUp]
    public void MakeLoop()
    {
        _failure = null;
        _loop = new SelectLoop(TimeProvider.System, NullLogger.Instance, parking: null);
        _thread = new LoopThread(_loop, new Member(), "test loop", static () => { }, failure => _failure = failure);
    }

    [TearDown]
    public async Task EndLoop()
    {
        if (!_thread.Ended.IsCompleted)
        {
            _loop.Stop();
            await Bound.Within("the end", _thread.Ended);
        }

        _loop.Dispose();
    }

    [Test]
    public async Task Start_completes_when_the_first_work_is_done_on_its_thread()
    {
        string? name = null;

        await Bound.Within("the start", _thread.StartAsync(() => name = Thread.CurrentThread.Name));

        Assert.That(name, Is.EqualTo("test loop"));
    }

    [Test]
    public async Task Start_fails_with_the_first_work_and_the_loop_goes_on()
    {
        Assert.That(() => _thread.StartAsync(static () => throw new IOException("first")), Throws.TypeOf<IOException>());

        Assert.That(await _thread.AskAsync(static () => 1, ended: 0).WaitAsync(Bound.Wait), Is.EqualTo(1));
    }

    [Test]
    public async Task Question_that_throws_fails_for_whoever_asked()
    {
        await _thread.StartAsync(static () => { });

        Assert.That(
            () => _thread.AskAsync<int>(static () => throw new IOException("question"), ended: 0), Throws.TypeOf<IOException>());
        Assert.That(_thread.Ended.IsCompleted, Is.False);
    }

    [Test]
    public async Task Question_to_a_loop_that_has_ended_gets_the_answer_for_that()
    {
        await _thread.StartAsync(static () => { });
        _loop.Stop();
        await Bound.Within("the end", _thread.Ended);

        Assert.That(await _thread.AskAsync(static () => 1, ended: 2).WaitAsync(Bound.Wait), Is.EqualTo(2));
        await Bound.Within("work", _thread.DoAsync(static () => { }));
    }

    [Test]
    public async Task Release_that_throws_is_a_failure_of_the_loop()
    {
        _thread = new LoopThread(
            _loop, new Member(), "test loop", static () => throw new IOException("release"), failure => _failure = failure);
        await _thread.StartAsync(_loop.Stop);

        Assert.That(async () => await _thread.Ended.WaitAsync(Bound.Wait), Throws.TypeOf<IOException>());
        Assert.That(_failure, Is.TypeOf<IOException>());
    }
}
