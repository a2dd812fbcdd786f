namespace ProxyCore.Cli.Admin;

/// <summary>The proxy, as far as the admin page knows it. Any thread.</summary>
internal sealed class AdminTarget
{
    /// <summary>How far it is in its life.</summary>
    internal required Func<ProxyState> State { get; init; }

    /// <summary>Whether a loop of it has failed.</summary>
    internal required Func<bool> HasFailed { get; init; }

    /// <summary>What it is doing.</summary>
    internal required Func<CancellationToken, Task<ProxySnapshot>> TakeSnapshot { get; init; }

    /// <summary>Ends a connection; false when there is none of that number.</summary>
    internal required Func<long, CancellationToken, Task<bool>> EndConnection { get; init; }
}
