using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;

namespace ProxyCore.Loop;

/// <summary>What a loop does when its wait fails: tries again, more and more slowly, for ten seconds. The loop's thread.</summary>
/// <remarks>
/// poll(2) fails for causes that pass: ENOMEM, EINTR, or EINVAL while the descriptor limit is below the number of entries.
/// </remarks>
internal sealed class WaitRetry(ILogger logger)
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private const int FirstPause = 1;
    private const int LongestPause = 100;

    private TimeSpan? _failingSince;
    private int _pause;

    internal static bool IsTransient(Exception exception) => exception is SocketException or OutOfMemoryException;

    /// <summary>Pauses before the next attempt; false when the wait has failed for too long.</summary>
    internal bool TryPause(Exception exception, TimeSpan now)
    {
        if (_failingSince is not { } since)
        {
            _failingSince = since = now;
            _pause = FirstPause;
            logger.WaitFailed(exception.Message, Limit.TotalSeconds);
        }

        if (now - since >= Limit)
        {
            return false;
        }

        // The one place where the loop sleeps: it can't wait for events, and must not spin.
#pragma warning disable RS0030
        Thread.Sleep(_pause);
#pragma warning restore RS0030
        _pause = Math.Min(2 * _pause, LongestPause);
        return true;
    }

    /// <summary>The wait has succeeded.</summary>
    internal void NoteSuccess()
    {
        if (_failingSince is not null)
        {
            _failingSince = null;
            logger.WaitRecovered();
        }
    }
}
