using System.Text;
using ProxyCore.Connections;
using ProxyCore.Diagnostics;
using ProxyCore.Upstreams;

namespace ProxyCore;

/// <summary>Checks what the options of a route say of its upstreams, and turns it into settings.</summary>
internal sealed class PoolReader(
    Mistakes mistakes, EndpointReader endpoints, IDictionary<string, Func<IBalancingPolicy>> ownPolicies)
{
    internal PoolSettings Read(RouteOptions options, string path)
    {
        mistakes.Require(options.Upstreams.Count > 0, path + nameof(options.Upstreams), "at least one upstream is needed");
        mistakes.RequireCount(options.QueueLimit, path + nameof(options.QueueLimit), OptionLimits.CountOrNone);
        mistakes.RequireTimeout(options.QueueTimeout, path + nameof(options.QueueTimeout));
        mistakes.RequireTime(options.ResolveInterval, path + nameof(options.ResolveInterval), OptionLimits.ResolveInterval, "1 s");

        string upstreamsPath = path + nameof(options.Upstreams);
        UpstreamSettings[] upstreams =
            [.. options.Upstreams.Select((upstream, i) => ReadUpstream(upstream, $"{upstreamsPath}:{i}")).OfType<UpstreamSettings>()];
        string? twice = upstreams
            .GroupBy(static upstream => upstream.Endpoint.ToString())
            .FirstOrDefault(static group => group.Count() > 1)?.Key;
        mistakes.Require(twice is null, upstreamsPath, $"'{twice}' is there twice");
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
            mistakes.Require(false, path, "must not be null");
            return null;
        }

        mistakes.RequireCount(options.Weight, $"{path}:{nameof(options.Weight)}", OptionLimits.Weight);
        mistakes.RequireCount(options.MaxConnections ?? 1, $"{path}:{nameof(options.MaxConnections)}", OptionLimits.AnyCount);
        ProxyEndpoint? endpoint = endpoints.ReadUpstream(options.Address, $"{path}:{nameof(options.Address)}");
        mistakes.Require(
            !options.EachAddress || endpoint is null or { Kind: ProxyEndpointKind.Name },
            $"{path}:{nameof(options.EachAddress)}",
            $"'{endpoint}' is no name that has several addresses");
        return endpoint is null
            ? null
            : new UpstreamSettings(endpoint, options.Weight, options.MaxConnections, options.Backup, options.EachAddress);
    }

    private Func<IBalancingPolicy> ReadPolicy(string? name, string path)
    {
        if (name is not null
            && (ownPolicies.TryGetValue(name, out Func<IBalancingPolicy>? make) || BuiltInPolicies.All.TryGetValue(name, out make)))
        {
            return make;
        }

        IEnumerable<string> known = BuiltInPolicies.All.Keys.Concat(ownPolicies.Keys);
        mistakes.Require(false, path, $"'{Printable.Shorten(name ?? "")}' is no balancing policy: expected one of {string.Join(", ", known)}");
        return BuiltInPolicies.All[BalancingNames.RoundRobin];
    }

    private PassiveHealth ReadPassive(PassiveHealthOptions? options, string path)
    {
        mistakes.Require(options is not null, path, "must not be null");
        options ??= new PassiveHealthOptions();
        mistakes.RequireCount(options.Failures, $"{path}:{nameof(options.Failures)}", OptionLimits.CountOrNone);
        mistakes.RequireTimeout(options.OutTime, $"{path}:{nameof(options.OutTime)}");
        mistakes.RequireTimeout(options.MaxOutTime, $"{path}:{nameof(options.MaxOutTime)}");
        mistakes.Require(
            options.MaxOutTime >= options.OutTime || options.MaxOutTime <= TimeSpan.Zero,
            $"{path}:{nameof(options.MaxOutTime)}",
            $"must not be less than {nameof(options.OutTime)}");
        return new PassiveHealth(options.Failures, options.OutTime, options.MaxOutTime);
    }

    private HealthCheckSettings? ReadCheck(HealthCheckOptions? options, string path)
    {
        if (options is null)
        {
            return null;
        }

        mistakes.RequireTime(options.Interval, path + nameof(options.Interval), OptionLimits.CheckInterval, "1 ms");
        mistakes.RequireTimeout(options.Timeout, path + nameof(options.Timeout));
        mistakes.RequireCount(options.Rise, path + nameof(options.Rise), OptionLimits.AnyCount);
        mistakes.RequireCount(options.Fall, path + nameof(options.Fall), OptionLimits.AnyCount);
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
        mistakes.Require(text.Length <= limits.Most, path, $"must have at most {limits.Most} characters");
        mistakes.Require(text.All(static one => one <= BytesLimits.LastCharacter), path, "must have no character above U+00FF: each stands for a byte");
        return Encoding.Latin1.GetBytes(text);
    }
}
