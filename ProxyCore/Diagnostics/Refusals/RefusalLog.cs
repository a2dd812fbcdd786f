using Microsoft.Extensions.Logging;

namespace ProxyCore.Diagnostics;

/// <summary>
/// Logs refused clients: at most one line a second for each reason, and at the next, or a second later, how many there were.
/// Any thread.
/// </summary>
internal sealed class RefusalLog : IDisposable
{
    private static readonly TimeSpan _delay = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger;
    private readonly RefusalSampler _sampler;
    private readonly ITimer _timer;
    private int _isArmed;

    internal RefusalLog(ILogger logger, TimeProvider timeProvider)
    {
        _logger = logger;
        _sampler = new RefusalSampler(timeProvider);
        _timer = timeProvider.CreateTimer(_ => ReportRest(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Reports one client.</summary>
    /// <param name="connection">What logs call its connection.</param>
    /// <param name="client">Its address.</param>
    /// <param name="reason">Why it is refused.</param>
    /// <param name="cause">The same in words.</param>
    internal void Report(long connection, string client, EndReason reason, string cause)
    {
        if (_sampler.TryPick(reason, out long before))
        {
            if (before > 0)
            {
                _logger.MoreClientsRefused(before, reason);
            }

            _logger.ClientRefused(connection, client, reason, cause);
        }
        else if (Interlocked.Exchange(ref _isArmed, 1) == 0)
        {
            // The sum has to come too when no other client is refused.
            _timer.Change(_delay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Reports how many have no line yet, and ends.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        ReportRest();
    }

    private void ReportRest()
    {
        Volatile.Write(ref _isArmed, 0);
        foreach ((EndReason reason, long leftOut) in _sampler.TakeRest())
        {
            _logger.MoreClientsRefused(leftOut, reason);
        }
    }
}
