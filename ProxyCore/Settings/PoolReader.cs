using System.Text;
using ProxyCore.Diagnostics;

namespace ProxyCore.Settings;

/// <summary>Checks what the options of a route say of its upstreams, and turns it into settings.</summary>
internal sealed class PoolReader(
    ValidationErrors errors, EndpointReader endpoints, SourceReader sources, IDictionary<string, Func<IBalancingPolicy>> ownPolicies)
{
    private readonly UpstreamTlsReader _tls = new(errors);

    internal PoolSettings Read(RouteOptions options, string path)
    {
        errors.RequireCount(options.QueueLimit, path + nameof(options.QueueLimit), OptionLimits.CountOrNone);
        errors.RequireTimeout(options.QueueTimeout, path + nameof(options.QueueTimeout));
        errors.RequireTime(options.SlowStart, path + nameof(options.SlowStart), OptionLimits.TimeoutOrNone, "zero");
        errors.RequireTime(options.ResolveInterval, path + nameof(options.ResolveInterval), OptionLimits.ResolveInterval, "1 s");

        (string balancing, Func<IBalancingPolicy>? ownPolicy) = ReadPolicy(options.Balancing, path + nameof(options.Balancing));
        CheckHash(options, balancing, path);
        return new PoolSettings(
            ReadUpstreams(options.Upstreams, path + nameof(options.Upstreams)),
            balancing,
            ownPolicy,
            ReadPassive(options.PassiveHealth, path + nameof(options.PassiveHealth)),
            ReadCheck(options.HealthCheck, path + nameof(options.HealthCheck) + ":"),
            options.TryWhenAllOut,
            options.QueueLimit,
            options.QueueTimeout,
            options.ResolveInterval)
        {
            SlowStart = options.SlowStart,
            HashBy = options.HashBy,
            HashTlv = options.HashTlv,
            RetryBudget = ReadRetries(options.RetryBudget, path + nameof(options.RetryBudget)),
        };
    }

    private void CheckHash(RouteOptions options, string balancing, string path)
    {
        string hashBy = path + nameof(options.HashBy);
        errors.RequireNamed(options.HashBy, hashBy);
        errors.Require(
            options.HashBy == ClientHashKey.Address || balancing == BalancingNames.ClientHash || errors.IsRefused(path + nameof(options.Balancing)),
            hashBy,
            $"needs {nameof(options.Balancing)} {BalancingNames.ClientHash}");
        string hashTlv = path + nameof(options.HashTlv);
        bool isByTlv = options.HashBy == ClientHashKey.ProxyTlv;
        errors.Require(
            !isByTlv || options.HashTlv is not null || errors.IsRefused(hashTlv),
            hashBy,
            $"needs {nameof(options.HashTlv)}, the type of the TLV, such as 0xE0");
        errors.Require(
            isByTlv || options.HashTlv is null || errors.IsRefused(hashBy),
            hashTlv,
            $"needs {nameof(options.HashBy)} {nameof(ClientHashKey.ProxyTlv)}");
    }

    private ValueList<UpstreamSettings> ReadUpstreams(IList<UpstreamOptions> options, string path)
    {
        errors.Require(options.Count > 0 || errors.IsRefusedBelow(path), path, "at least one upstream is needed");
        var known = new Dictionary<ProxyEndpoint, string>();
        return [.. options.Select((upstream, i) => ReadUpstream(upstream, $"{path}:{i}", known)).OfType<UpstreamSettings>()];
    }

    /// <param name="options">The options of an upstream.</param>
    /// <param name="pathByIndex">Where it stands in its list.</param>
    /// <param name="known">The addresses of the upstreams before it, and where they stand.</param>
    private UpstreamSettings? ReadUpstream(UpstreamOptions? options, string pathByIndex, Dictionary<ProxyEndpoint, string> known)
    {
        string path = errors.PathOf(options, pathByIndex);
        if (options is null)
        {
            errors.Require(false, path, "must not be null");
            return null;
        }

        errors.RequireCount(options.Weight, $"{path}:{nameof(options.Weight)}", OptionLimits.Weight);
        errors.RequireCount(options.MaxConnections ?? 1, $"{path}:{nameof(options.MaxConnections)}", OptionLimits.AnyCount);
        SendProxyProtocolSettings? header = ReadHeader(options, path);
        IUpstreamSource? source = null;
        ProxyEndpoint? endpoint = sources.IsOfSource(options.Address)
            ? sources.Read(options, path, out source)
            : endpoints.ReadUpstream(options.Address, $"{path}:{nameof(options.Address)}");
        errors.Require(
            !options.EachAddress || endpoint is null or { Kind: ProxyEndpointKind.Name },
            $"{path}:{nameof(options.EachAddress)}",
            $"'{endpoint}' is no name that has several addresses");
        UpstreamTlsSettings? tls = _tls.Read(options.Tls, endpoint, $"{path}:{nameof(options.Tls)}");
        if (endpoint is null)
        {
            return null;
        }

        if (!known.TryAdd(endpoint, path))
        {
            errors.Require(false, $"{path}:{nameof(options.Address)}", $"'{endpoint}' is the address of {known[endpoint]} already");
        }

        return new UpstreamSettings(endpoint, options.Weight, options.MaxConnections, options.Backup, options.EachAddress)
        {
            SendProxyProtocol = header,
            Source = source,
            Tls = tls,
        };
    }

    private SendProxyProtocolSettings? ReadHeader(UpstreamOptions options, string path)
    {
        errors.Require(
            options.SendProxyProtocol is not { } header || Enum.IsDefined(header),
            $"{path}:{nameof(options.SendProxyProtocol)}",
            "must be V1 or V2");
        errors.Require(
            options.ProxyTlvs == ProxyTlvs.None || options.SendProxyProtocol == ProxyProtocolVersion.V2,
            $"{path}:{nameof(options.ProxyTlvs)}",
            "need SendProxyProtocol V2: version 1 has room for addresses only");
        return options.SendProxyProtocol is { } version ? new SendProxyProtocolSettings(version, options.ProxyTlvs) : null;
    }

    /// <summary>Finds a policy by its name, in any case; one with exactly this name comes first, and the user's own next.</summary>
    private (string Name, Func<IBalancingPolicy>? Make) ReadPolicy(string? name, string path)
    {
        name ??= "";
        if (ownPolicies.TryGetValue(name, out Func<IBalancingPolicy>? make))
        {
            return (name, make);
        }

        string[] known = [.. BalancingNames.BuiltIn, .. ownPolicies.Keys];
        string? found = Array.Find(known, one => one == name)
            ?? Array.FindLast(known, one => one.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (found is null)
        {
            errors.Require(
                false, path, $"'{Printable.Shorten(name)}' is no balancing policy: expected one of {string.Join(", ", known)}");
            return (name, null);
        }

        return (found, ownPolicies.TryGetValue(found, out make) ? make : null);
    }

    private PassiveHealthSettings ReadPassive(PassiveHealthOptions? options, string path)
    {
        errors.Require(options is not null, path, "must not be null");
        options ??= new PassiveHealthOptions();
        errors.RequireCount(options.Failures, $"{path}:{nameof(options.Failures)}", OptionLimits.CountOrNone);
        string outTime = $"{path}:{nameof(options.OutTime)}";
        string maxOutTime = $"{path}:{nameof(options.MaxOutTime)}";
        bool areTimes = errors.RequireTimeout(options.OutTime, outTime) & errors.RequireTimeout(options.MaxOutTime, maxOutTime);

        // The default of a value that was refused is nothing to compare with.
        errors.Require(
            !areTimes || errors.IsRefused(outTime) || options.MaxOutTime >= options.OutTime,
            maxOutTime,
            $"must not be less than {nameof(options.OutTime)}");
        errors.RequireShare(options.MaxOutShare ?? 0, $"{path}:{nameof(options.MaxOutShare)}");
        return new PassiveHealthSettings(options.Failures, options.OutTime, options.MaxOutTime) { MaxOutShare = options.MaxOutShare };
    }

    private RetryBudgetSettings? ReadRetries(RetryBudgetOptions? options, string path)
    {
        if (options is null)
        {
            return null;
        }

        errors.RequireShare(options.Share, $"{path}:{nameof(options.Share)}");
        errors.RequireCount(options.Minimum, $"{path}:{nameof(options.Minimum)}", OptionLimits.CountOrNone);
        return new RetryBudgetSettings(options.Share, options.Minimum);
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
    private ValueList<byte> ReadBytes(string? text, BytesLimits limits, string path)
    {
        text ??= "";
        errors.Require(text.Length <= limits.Most, path, $"must have at most {limits.Most} characters");
        errors.Require(text.All(static one => one <= BytesLimits.LastCharacter), path, "must have no character above U+00FF: each stands for a byte");
        return [.. Encoding.Latin1.GetBytes(text)];
    }
}
