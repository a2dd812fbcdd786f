using System.Net.Sockets;
using ProxyCore.Connections.Sockets;
using ProxyCore.Diagnostics;

namespace ProxyCore.Connections.Pools;

/// <summary>How a look-up has ended. Immutable.</summary>
/// <param name="Name">What was looked up, with its port.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
/// <param name="FailedBefore">Whether the one before failed.</param>
/// <param name="HasOld">Whether an earlier one has an answer, which stays in use.</param>
internal readonly record struct LookupResult(string Name, string? Error, bool FailedBefore, bool HasOld)
{
    /// <summary>The cause of a failed look-up, in words.</summary>
    internal static string Describe(Exception exception) => exception switch
    {
        SocketException { SocketErrorCode: var code } => ConnectionErrors.Describe(code),
        TimeoutException or OperationCanceledException => "the look-up timed out",
        _ => Printable.Shorten(exception.Message),
    };
}
