using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ProxyCore.Hosting;

/// <summary>
/// The health of a proxy of a host: unhealthy when it does not run, degraded when a route has no healthy upstream.
/// <c>services.AddHealthChecks().AddCheck&lt;ProxyHealthCheck&gt;("proxycore")</c> adds that of the proxy without a name,
/// <c>services.AddHealthChecks().Add(ProxyHealthCheck.For(name))</c> that of a named one.
/// </summary>
public sealed class ProxyHealthCheck : IHealthCheck
{
    private readonly ProxyService _service;

    internal ProxyHealthCheck(ProxyService service) => _service = service;

    /// <summary>The registration of the health check of a named proxy.</summary>
    /// <param name="proxy">The name of the proxy.</param>
    /// <param name="checkName">The name of the check. Default: <c>proxycore-</c> and the name of the proxy.</param>
    /// <exception cref="ArgumentException"><paramref name="proxy"/> is empty.</exception>
    public static HealthCheckRegistration For(string proxy, string? checkName = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(proxy);
        return new HealthCheckRegistration(
            checkName ?? $"proxycore-{proxy}",
            provider => provider.GetRequiredKeyedService<ProxyHealthCheck>(proxy),
            failureStatus: null,
            tags: null);
    }

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
