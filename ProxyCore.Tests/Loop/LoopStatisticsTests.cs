using ProxyCore.Loop;

namespace ProxyCore.Tests.Loop;

/// <summary>How the time of a loop is counted.</summary>
internal sealed class LoopStatisticsTests
{
    private LoopStatistics _figures = null!;

    [SetUp]
    public void Create() => _figures = new LoopStatistics();

    [Test]
    public void Time_between_Selects_is_busy_and_time_in_Select_is_not()
    {
        Select(from: 1, to: 5);
        Select(from: 7, to: 8);

        Assert.That(_figures.Selects, Is.EqualTo(2));
        Assert.That(_figures.BusyTime, Is.EqualTo(TimeSpan.FromSeconds(1 + 2)));
    }

    [Test]
    public void Longest_turn_is_remembered_for_ten_to_twenty_seconds()
    {
        Select(from: 3, to: 4);
        Select(from: 5, to: 9);
        TimeSpan within = _figures.Longest;
        Select(from: 11, to: 12);
        TimeSpan nextWindow = _figures.Longest;
        Select(from: 22, to: 23);

        Assert.That((within, nextWindow), Is.EqualTo((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3))));
        Assert.That(_figures.Longest, Is.EqualTo(TimeSpan.FromSeconds(10)), "the turn from 12 to 22");
    }

    private void Select(double from, double to)
    {
        _figures.NoteBefore(TimeSpan.FromSeconds(from));
        _figures.NoteAfter(TimeSpan.FromSeconds(to));
    }
}
