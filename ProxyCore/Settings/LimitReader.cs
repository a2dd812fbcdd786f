namespace ProxyCore.Settings;

/// <summary>Checks the limits of clients and of rates, and turns them into settings.</summary>
internal static class LimitReader
{
    // A listener lets this part of a second come at once: enough that its timer wakes it seldom at a high rate.
    private const int ListenBurstsPerSecond = 20;

    internal static ClientLimitSettings? Read(ClientLimitOptions? options, string path, ValidationErrors errors)
    {
        if (options is null)
        {
            return null;
        }

        path += ":";
        errors.RequireCount(options.Connections ?? 1, path + nameof(options.Connections), OptionLimits.AnyCount);
        errors.RequireCount(options.Burst ?? 1, path + nameof(options.Burst), OptionLimits.Burst);
        errors.RequireCount(options.Prefix4, path + nameof(options.Prefix4), OptionLimits.Prefix4);
        errors.RequireCount(options.Prefix6, path + nameof(options.Prefix6), OptionLimits.Prefix6);
        errors.RequireCount(options.Entries, path + nameof(options.Entries), OptionLimits.Entries);
        errors.Require(
            Enum.IsDefined(options.OnExceeded), path + nameof(options.OnExceeded), "must be Reset, Close, Wait or LogOnly");
        errors.RequireTimeout(options.WaitTimeout, path + nameof(options.WaitTimeout));
        errors.RequireCount(options.WaitLimit, path + nameof(options.WaitLimit), OptionLimits.AnyCount);
        return new ClientLimitSettings(
            options.Connections,
            ReadRate(options.ConnectionRate, path + nameof(options.ConnectionRate), errors, rate => options.Burst ?? rate.Count),
            options.Prefix4,
            options.Prefix6,
            options.Entries,
            options.OnExceeded,
            options.WaitTimeout,
            options.WaitLimit);
    }

    /// <summary>Reads the rate of a listener. Its burst is short, so that no second has many more than the rate says.</summary>
    internal static Rate? ReadListenRate(ConnectionRate? rate, string path, ValidationErrors errors) =>
        ReadRate(rate, path, errors, static rate => Math.Max(1, (int)(PerSecond(rate) / ListenBurstsPerSecond)));

    private static Rate? ReadRate(ConnectionRate? options, string path, ValidationErrors errors, Func<ConnectionRate, int> burst) =>
        options is { } rate && errors.Require(rate.Count > 0, path, "must be a rate, such as 10/s")
            ? new Rate(PerSecond(rate), burst(rate))
            : null;

    private static double PerSecond(ConnectionRate rate) => rate.Count / rate.Per.TotalSeconds;
}
