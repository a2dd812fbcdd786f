using ProxyCore.Settings;

namespace ProxyCore.Relay.Stages;

/// <summary>
/// The rate that all buckets of one direction of a route keep. It can be changed while they are in use. Any thread.
/// </summary>
internal sealed class BandwidthLimit(Rate rate)
{
    private volatile BandwidthRate _rate = new(rate);

    /// <summary>The rate as it is now.</summary>
    internal BandwidthRate Rate => _rate;

    /// <summary>Changes the rate, also of connections that are open.</summary>
    internal void Use(Rate rate)
    {
        if (_rate.Rate != rate)
        {
            _rate = new BandwidthRate(rate);
        }
    }
}
