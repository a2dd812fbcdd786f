using ProxyCore.Connections;

namespace ProxyCore.Tests.Connections;

/// <summary>How often the kernel is asked whether the side that lives has received everything.</summary>
internal sealed class ResetDeliveryTests
{
    [Test]
    public void Pauses_double_up_to_a_second_so_that_a_minute_takes_few_questions()
    {
        TimeSpan pause = TimeSpan.FromMilliseconds(10);
        var pauses = new List<TimeSpan>();
        while (pauses.Aggregate(TimeSpan.Zero, static (sum, one) => sum + one) < TimeSpan.FromMinutes(1))
        {
            pauses.Add(pause);
            pause = ResetDelivery.PauseAfter(pause);
        }

        Assert.That(pauses.Take(4).Select(static one => one.TotalMilliseconds), Is.EqualTo((double[])[10, 20, 40, 80]));
        Assert.That(pauses.Max(), Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(pauses, Has.Count.LessThan(70), "instead of 6000 at equal pauses");
    }
}
