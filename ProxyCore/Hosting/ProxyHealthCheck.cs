using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ProxyCore.Hosting;

/// <summary>
/// Tells whether the proxy of a host serves: unhealthy when it does not run, degraded when a route has no healthy
/// upstream. <c>services.AddHealthChecks().AddCheck&lt;ProxyHealthCheck&gt;("proxycore")</c> adds it.
/// </summary>
public sealed class ProxyHealthCheck : IHealthCheck
{
    private readonly ProxyService _service;

    internal ProxyHealthCheck(ProxyService service) => _service = service;

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Task<IReadOnlyList<string>?> asked = _service.Proxy?.FindRoutesWithoutUpstreamAsync() ?? Task.FromResult<IReadOnlyList<string>?>(null);
        return await asked.WaitAsync(cancellationToken).ConfigureAwait(false) switch
        {
            null => HealthCheckResult.Unhealthy("the proxy does not run"),
            { Count: 0 } => HealthCheckResult.Healthy(),
            var routes => HealthCheckResult.Degraded($"no healthy upstream: {string.Join(", ", routes)}"),
        };
    }
}
