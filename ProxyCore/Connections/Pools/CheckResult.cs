using System.Net.Sockets;
using ProxyCore.Connections.Sockets;

namespace ProxyCore.Connections.Pools;

/// <summary>The outcome of one health check.</summary>
internal enum CheckOutcome : byte
{
    /// <summary>The upstream answered as expected.</summary>
    Succeeded,

    /// <summary>The upstream did not.</summary>
    Failed,

    /// <summary>This machine could not make the check, so the health of the upstream is not known better than before.</summary>
    NotMade,
}

/// <summary>The result of one health check.</summary>
/// <param name="Outcome">Its outcome.</param>
/// <param name="Cause">What failed; null when nothing did.</param>
internal readonly record struct CheckResult(CheckOutcome Outcome, string? Cause)
{
    /// <summary>How long the check took.</summary>
    internal TimeSpan Duration { get; init; }

    internal static CheckResult Success { get; } = new(CheckOutcome.Succeeded, null);

    internal static CheckResult Failure(string cause) => new(CheckOutcome.Failed, cause);

    /// <summary>The result when a system call for an upstream of <paramref name="family"/> fails with <paramref name="error"/>.</summary>
    internal static CheckResult Of(SocketError error, AddressFamily family) => new(
        ConnectionErrors.IsLocal(error, family) ? CheckOutcome.NotMade : CheckOutcome.Failed,
        ConnectionErrors.Describe(error));
}
