using ProxyCore.Settings;

namespace ProxyCore.Tests.Options;

/// <summary>A rate of connections is written in one form, and becomes a rate with a burst.</summary>
internal sealed class ConnectionRateTests
{
    [TestCase("10/s", 10, 1)]
    [TestCase("600/m", 600, 60)]
    [TestCase("1000/h", 1000, 3600)]
    [TestCase("0001/s", 1, 1)]
    [TestCase("1000000/h", 1_000_000, 3600)]
    public void A_rate_is_a_number_and_a_time(string text, int count, int seconds)
    {
        var rate = ConnectionRate.Parse(text);

        Assert.That((rate.Count, rate.Per), Is.EqualTo((count, TimeSpan.FromSeconds(seconds))));
        Assert.That(rate.ToString(), Is.EqualTo(text.TrimStart('0')));
        Assert.That(ConnectionRate.Parse(rate.ToString()), Is.EqualTo(rate));
    }

    [TestCase("")]
    [TestCase("10")]
    [TestCase("/s")]
    [TestCase("0/s")]
    [TestCase("-1/s")]
    [TestCase("+1/s")]
    [TestCase("1.5/s")]
    [TestCase("1/d")]
    [TestCase("1/S")]
    [TestCase("1/s ")]
    [TestCase("1 /s")]
    [TestCase("1000001/s")]
    [TestCase("99999999999/s")]
    public void Nothing_else_is_a_rate(string text)
    {
        Assert.That(ConnectionRate.TryParse(text, out ConnectionRate rate), Is.False);
        Assert.That(rate, Is.EqualTo(default(ConnectionRate)));
        Assert.That(() => ConnectionRate.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains("10/s or 600/m"));
    }

    [Test]
    public void Null_is_no_rate()
    {
        Assert.That(ConnectionRate.TryParse(null, out _), Is.False);
        Assert.That(static () => ConnectionRate.Parse(null!), Throws.ArgumentNullException);
    }

    [TestCase(0)]
    [TestCase(1_000_001)]
    public void A_number_out_of_range_is_refused(int count)
    {
        Assert.That(() => ConnectionRate.PerSecond(count), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => ConnectionRate.PerMinute(count), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => ConnectionRate.PerHour(count), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [TestCase("10/s", null, 10, 10)]
    [TestCase("600/m", null, 10, 600)]
    [TestCase("600/m", 5, 10, 5)]
    [TestCase("1800/h", 1, 0.5, 1)]
    public void A_client_may_use_the_rate_of_its_whole_time_at_once_unless_a_burst_is_given(string rate, int? burst, double perSecond, int expected)
    {
        var limits = new ClientLimitOptions { ConnectionRate = ConnectionRate.Parse(rate), Burst = burst };

        Assert.That(Read(limits).ClientLimits!.Rate, Is.EqualTo(new Rate(perSecond, expected)));
    }

    [TestCase("10/s", 10, 1)]
    [TestCase("40/s", 40, 2)]
    [TestCase("1000/s", 1000, 50)]
    [TestCase("600/m", 10, 1)]
    public void A_listener_accepts_a_twentieth_of_a_second_at_once(string rate, double perSecond, int burst) =>
        Assert.That(Read(null, rate).Routes[0].Listen[0].MaxConnectionRate, Is.EqualTo(new Rate(perSecond, burst)));

    private static ProxySettings Read(ClientLimitOptions? limits, string rate = "1/s") => OptionsReader.Read(new TcpProxyOptions
    {
        ClientLimits = limits,
        Routes =
        {
            new RouteOptions
            {
                Listen = { new ListenOptions("0") { MaxConnectionRate = ConnectionRate.Parse(rate) } },
                Upstreams = { new UpstreamOptions { Address = "1" } },
            },
        },
    }).Settings;
}
