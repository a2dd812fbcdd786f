using ProxyCore.Upstreams;

namespace ProxyCore.Tests.Statistics;

/// <summary>Connections a second, by seconds of the clock.</summary>
internal sealed class SessionRateTests
{
    private readonly SessionRate _rate = new();

    [Test]
    public void Rate_is_that_of_the_last_second_that_is_over()
    {
        Count(at: 10.1, times: 3);
        Count(at: 11.0, times: 1);

        Assert.That((At(11.9), At(12.0), At(12.9), At(13.0)), Is.EqualTo((3, 1, 1, 0)));
    }

    [Test]
    public void Second_without_a_connection_counts_as_none()
    {
        Count(at: 10, times: 3);
        Count(at: 12, times: 1);

        Assert.That(At(12.5), Is.Zero);
    }

    [Test]
    public void Peak_stays()
    {
        Count(at: 10, times: 3);
        Count(at: 11, times: 5);
        Count(at: 20, times: 2);

        Assert.That(_rate.Peak, Is.EqualTo(5));
    }

    private void Count(double at, int times)
    {
        for (int time = 0; time < times; time++)
        {
            _rate.Count(TimeSpan.FromSeconds(at).Ticks);
        }
    }

    private int At(double seconds) => _rate.At(TimeSpan.FromSeconds(seconds).Ticks);
}
