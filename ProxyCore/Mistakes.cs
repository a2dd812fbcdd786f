namespace ProxyCore;

/// <summary>The mistakes found so far in options, each with its path: all are told at once.</summary>
internal sealed class Mistakes
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(365);

    private readonly List<string> _all = [];

    internal IReadOnlyList<string> All => _all;

    internal void Require(bool holds, string path, string mistake)
    {
        if (!holds)
        {
            _all.Add($"{path}: {mistake}");
        }
    }

    internal void RequireCount(int count, string path, int least = 1, int most = int.MaxValue) => Require(
        count >= least && count <= most,
        path,
        most == int.MaxValue ? $"must be {least} or more" : $"must be from {least} to {most}");

    internal void RequireTimeout(TimeSpan timeout, string path) =>
        Require(timeout > TimeSpan.Zero && timeout <= _longest, path, "must be more than zero, and at most 365 days");

    internal void RequireTime(TimeSpan time, string path, TimeSpan least, string leastInWords) =>
        Require(time >= least && time <= _longest, path, $"must be from {leastInWords} to 365 days");
}
