using System.Net.Sockets;
using ProxyCore.Platform;
using ProxyCore.Relay;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Relay;

/// <summary>Reads grow while the sink takes them whole, and shrink to what it takes.</summary>
internal sealed class ReadSizeTests
{
    private const int Kilo = 1024;
    private const int MostPending = 256 * Kilo;

    private readonly RelayBuffers _buffers = new(MostPending, new PendingBudget(long.MaxValue));
    private SocketPair _pair = null!;

    private Socket Sink => _pair.Near;

    [SetUp]
    public void Connect() => _pair = SocketPair.Connect();

    [TearDown]
    public void Close() => _pair.Dispose();

    [Test]
    public void It_begins_in_the_middle() => Assert.That(Create().Next(Sink, _buffers), Is.EqualTo(64 * Kilo));

    [NotUnderEmulation(NotUnderEmulationAttribute.NoMemoryInfo)]
    [Test]
    public void Full_reads_that_are_taken_whole_double_it_up_to_the_largest()
    {
        ReadSize size = Create();

        // More than may be left over is read only where the kernel says that it has room.
        int fourth = TargetSystem.IsLinux ? 512 * Kilo : MostPending;
        Assert.That(
            Enumerable.Range(0, 4).Select(_ => Take(ref size)), Is.EqualTo((int[])[64 * Kilo, 128 * Kilo, 256 * Kilo, fourth]));
        for (int read = 0; read < 10; read++)
        {
            Assert.That(Take(ref size), Is.LessThanOrEqualTo(RelayBuffers.LargestRead));
        }
    }

    [Test]
    public void Reads_that_bring_less_than_asked_leave_it()
    {
        ReadSize size = Create();

        size.Learn(64 * Kilo, 100, 100, _buffers);

        Assert.That(size.Next(Sink, _buffers), Is.EqualTo(64 * Kilo));
    }

    [TestCase(40 * Kilo, 40 * Kilo)]
    [TestCase(1, 16 * Kilo)]
    [TestCase(0, 16 * Kilo)]
    public void What_is_left_over_brings_it_down_to_what_was_taken(int sent, int expected)
    {
        ReadSize size = Create();

        size.Learn(64 * Kilo, 64 * Kilo, sent, _buffers);

        Assert.That(size.Next(Sink, _buffers), Is.EqualTo(expected));
    }

    [Test]
    public void Beyond_what_may_be_left_over_it_reads_only_what_the_kernel_has_room_for()
    {
        ReadSize size = Create();
        for (int read = 0; read < 5; read++)
        {
            size.Learn(size.Next(Sink, _buffers), size.Next(Sink, _buffers), size.Next(Sink, _buffers), _buffers);
        }

        Sink.FillSendBuffer();

        Assert.That(size.Next(Sink, _buffers), Is.InRange(MostPending, MostPending + (64 * Kilo)));
    }

    [Test]
    public void A_small_bound_holds_from_the_first_read()
    {
        using var small = new RelayBuffers(Kilo, new PendingBudget(long.MaxValue));
        var size = new ReadSize(small);
        Assert.That(size.Next(Sink, small), Is.EqualTo(Kilo));

        size.Learn(Kilo, Kilo, 0, small);

        Assert.That(size.Next(Sink, small), Is.EqualTo(Kilo));
    }

    [Test]
    public void With_the_budget_used_up_it_reads_little_more_than_the_kernel_has_room_for()
    {
        var budget = new PendingBudget(0);
        using var buffers = new RelayBuffers(MostPending, budget);
        var size = new ReadSize(buffers);
        Sink.FillSendBuffer();

        Assert.That(size.Next(Sink, buffers), Is.InRange(PendingBudget.LeastForOne, PendingBudget.LeastForOne + (16 * Kilo)));

        budget.Limit = long.MaxValue;
        size.Learn(64 * Kilo, 64 * Kilo, 64 * Kilo, buffers);
        Assert.That(size.Next(Sink, buffers), Is.GreaterThanOrEqualTo(64 * Kilo), "it grows again");
    }

    [OneTimeTearDown]
    public void Free() => _buffers.Dispose();

    private int Take(ref ReadSize size)
    {
        int asked = size.Next(Sink, _buffers);
        size.Learn(asked, asked, asked, _buffers);
        return asked;
    }

    private ReadSize Create() => new(_buffers);
}
