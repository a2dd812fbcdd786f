using System.Text;
using ProxyCore.Diagnostics;

namespace ProxyCore.Settings;

/// <summary>Checks what the options of a route say of its upstreams, and turns it into settings.</summary>
internal sealed class PoolReader(
    ValidationErrors errors, EndpointReader endpoints, IDictionary<string, Func<IBalancingPolicy>> ownPolicies)
{
    internal PoolSettings Read(RouteOptions options, string path)
    {
        errors.Require(options.Upstreams.Count > 0, path + nameof(options.Upstreams), "at least one upstream is needed");
        errors.RequireCount(options.QueueLimit, path + nameof(options.QueueLimit), OptionLimits.CountOrNone);
        errors.RequireTimeout(options.QueueTimeout, path + nameof(options.QueueTimeout));
        errors.RequireTime(options.ResolveInterval, path + nameof(options.ResolveInterval), OptionLimits.ResolveInterval, "1 s");

        string upstreamsPath = path + nameof(options.Upstreams);
        UpstreamSettings[] upstreams =
            [.. options.Upstreams.Select((upstream, i) => ReadUpstream(upstream, $"{upstreamsPath}:{i}")).OfType<UpstreamSettings>()];
        string? twice = upstreams
            .GroupBy(static upstream => upstream.Endpoint.ToString())
            .FirstOrDefault(static group => group.Count() > 1)?.Key;
        errors.Require(twice is null, upstreamsPath, $"'{twice}' is there twice");
        return new PoolSettings(
            upstreams,
            options.Balancing,
            ReadPolicy(options.Balancing, path + nameof(options.Balancing)),
            ReadPassive(options.PassiveHealth, path + nameof(options.PassiveHealth)),
            ReadCheck(options.HealthCheck, path + nameof(options.HealthCheck) + ":"),
            options.TryWhenAllOut,
            options.QueueLimit,
            options.QueueTimeout,
            options.ResolveInterval);
    }

    private UpstreamSettings? ReadUpstream(UpstreamOptions? options, string path)
    {
        if (options is null)
        {
            errors.Require(false, path, "must not be null");
            return null;
        }

        errors.RequireCount(options.Weight, $"{path}:{nameof(options.Weight)}", OptionLimits.Weight);
        errors.RequireCount(options.MaxConnections ?? 1, $"{path}:{nameof(options.MaxConnections)}", OptionLimits.AnyCount);
        ProxyEndpoint? endpoint = endpoints.ReadUpstream(options.Address, $"{path}:{nameof(options.Address)}");
        errors.Require(
            !options.EachAddress || endpoint is null or { Kind: ProxyEndpointKind.Name },
            $"{path}:{nameof(options.EachAddress)}",
            $"'{endpoint}' is no name that has several addresses");
        return endpoint is null
            ? null
            : new UpstreamSettings(endpoint, options.Weight, options.MaxConnections, options.Backup, options.EachAddress);
    }

    private Func<IBalancingPolicy>? ReadPolicy(string? name, string path)
    {
        if (name is not null && (ownPolicies.TryGetValue(name, out Func<IBalancingPolicy>? make) || BalancingNames.IsBuiltIn(name)))
        {
            return make;
        }

        IEnumerable<string> known = BalancingNames.BuiltIn.Concat(ownPolicies.Keys);
        errors.Require(false, path, $"'{Printable.Shorten(name ?? "")}' is no balancing policy: expected one of {string.Join(", ", known)}");
        return null;
    }

    private PassiveHealthSettings ReadPassive(PassiveHealthOptions? options, string path)
    {
        errors.Require(options is not null, path, "must not be null");
        options ??= new PassiveHealthOptions();
        errors.RequireCount(options.Failures, $"{path}:{nameof(options.Failures)}", OptionLimits.CountOrNone);
        errors.RequireTimeout(options.OutTime, $"{path}:{nameof(options.OutTime)}");
        errors.RequireTimeout(options.MaxOutTime, $"{path}:{nameof(options.MaxOutTime)}");
        errors.Require(
            options.MaxOutTime >= options.OutTime || options.MaxOutTime <= TimeSpan.Zero,
            $"{path}:{nameof(options.MaxOutTime)}",
            $"must not be less than {nameof(options.OutTime)}");
        return new PassiveHealthSettings(options.Failures, options.OutTime, options.MaxOutTime);
    }

    private HealthCheckSettings? ReadCheck(HealthCheckOptions? options, string path)
    {
        if (options is null)
        {
            return null;
        }

        errors.RequireTime(options.Interval, path + nameof(options.Interval), OptionLimits.CheckInterval, "1 ms");
        errors.RequireTimeout(options.Timeout, path + nameof(options.Timeout));
        errors.RequireCount(options.Rise, path + nameof(options.Rise), OptionLimits.AnyCount);
        errors.RequireCount(options.Fall, path + nameof(options.Fall), OptionLimits.AnyCount);
        return new HealthCheckSettings(
            options.Interval,
            options.Timeout,
            options.Rise,
            options.Fall,
            ReadBytes(options.Send, OptionLimits.Send, path + nameof(options.Send)),
            ReadBytes(options.Expect, OptionLimits.Expect, path + nameof(options.Expect)),
            options.EndSessions);
    }

    /// <summary>Each character is a byte, so that every byte can be written.</summary>
    private byte[] ReadBytes(string? text, BytesLimits limits, string path)
    {
        text ??= "";
        errors.Require(text.Length <= limits.Most, path, $"must have at most {limits.Most} characters");
        errors.Require(text.All(static one => one <= BytesLimits.LastCharacter), path, "must have no character above U+00FF: each stands for a byte");
        return Encoding.Latin1.GetBytes(text);
    }
}
