using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>Keeps the retries of a route within their budget, if it has one. Belongs to the pool's thread.</summary>
internal sealed class RouteRetries(ILogger logger)
{
    private RetryBudget? _budget;

    /// <summary>Takes new settings; what was counted stays.</summary>
    internal void Use(RetryBudgetSettings? settings)
    {
        _budget = settings is null ? null : _budget ?? new RetryBudget(settings);
        _budget?.Settings = settings!;
    }

    /// <summary>A client asks for an upstream, for the first time or after a failure.</summary>
    internal void OnAsked(UpstreamRequest request, TimeSpan now)
    {
        if (!request.HasFailed)
        {
            _budget?.CountClient(now);
        }
    }

    /// <summary>Whether a request may be granted an upstream: false for a retry beyond the budget.</summary>
    internal bool Allow(UpstreamRequest request, string route, TimeSpan now)
    {
        if (!request.HasFailed || _budget is null || _budget.AllowsRetry(now))
        {
            return true;
        }

        if (_budget.NoteRefusal(now))
        {
            logger.RetryBudgetUsedUp(route);
        }

        return false;
    }

    internal void OnGranted(UpstreamRequest request, TimeSpan now)
    {
        if (request.HasFailed)
        {
            _budget?.CountRetry(now);
        }
    }
}
