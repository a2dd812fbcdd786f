namespace ProxyCore.Settings;

/// <summary>Checks what the options of a route say of its bandwidth, and turns it into settings.</summary>
internal sealed class BandwidthReader(ValidationErrors errors)
{
    private const int LeastDefaultBurst = 16 * 1024;

    // A tenth of a second: short enough that a shaped link further on need not hold much, long enough for a web page.
    private const int DefaultBurstsASecond = 10;

    internal BandwidthSettings? Read(BandwidthOptions? options, string path)
    {
        if (options is null)
        {
            return null;
        }

        Require(options.ToClient, $"{path}:{nameof(options.ToClient)}");
        Require(options.ToUpstream, $"{path}:{nameof(options.ToUpstream)}");
        Require(options.Burst, $"{path}:{nameof(options.Burst)}");
        errors.RequireNamed(options.Per, $"{path}:{nameof(options.Per)}");
        return new BandwidthSettings(
            RateOf(options.ToClient, options.Burst), RateOf(options.ToUpstream, options.Burst), options.Per);
    }

    private static Rate? RateOf(long? bytesPerSecond, long? burst) => bytesPerSecond is > 0 and var rate
        ? new Rate(rate, burst ?? Math.Max(rate / DefaultBurstsASecond, LeastDefaultBurst))
        : null;

    private void Require(long? bytes, string path)
    {
        CountLimits limits = OptionLimits.Bandwidth;
        errors.Require(
            bytes is not { } count || (count >= limits.Least && count <= limits.Most),
            path,
            $"must be from {limits.Least} to {limits.Most}");
    }
}
