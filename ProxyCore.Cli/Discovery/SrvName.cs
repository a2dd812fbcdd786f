using System.Collections.Concurrent;
using System.Net;
using ProxyCore.Connections.Pools;
using ProxyCore.Settings;

namespace ProxyCore.Cli.Discovery;

/// <summary>
/// Follows the SRV records of one name: what is in force, and what becomes of it when the next answer is another, or none. One
/// look-up at a time; see <see cref="SharedLookups{T}"/>.
/// </summary>
/// <param name="name">The name.</param>
/// <param name="resolver">Asks the DNS.</param>
/// <param name="hosts">Looks hosts up that came without addresses, each once at a time.</param>
/// <param name="settings">How long answers are used.</param>
/// <param name="clock">The clock.</param>
internal sealed class SrvName(
    string name, IResolver resolver, SharedLookups<AddressAnswer> hosts, DnsSettings settings, TimeProvider clock)
{
    private const int HostsAtATime = 16;

    private volatile SrvTargets? _current;
    private TimeSpan? _missingSince;

    /// <summary>The time. It goes on evenly when the system's is set.</summary>
    internal TimeSpan Now => clock.GetElapsedTime(0);

    /// <summary>What is in force and need not be asked for again yet; null when there is no such thing.</summary>
    internal SrvTargets? Fresh => _current is { } current && Now < current.Until ? current : null;

    /// <summary>Asks the DNS.</summary>
    /// <exception cref="DnsException">What was in force before stays so.</exception>
    internal async Task<SrvTargets> LookUpAsync()
    {
        SrvAnswer answer = await resolver.FindServersAsync(name).ConfigureAwait(false);
        if (answer.Records.Count == 0)
        {
            return _current = OnMissing();
        }

        _missingSince = null;
        SrvEntry[] entries =
        [
            .. answer.Records.Where(static one => one.Host.Length > 0).OrderBy(static one => one.Priority).Take(UpstreamTarget.MaxCount),
        ];
        return _current = entries.Length == 0 ? Nothing(answer.Ttl) : await WithAddressesAsync(entries, answer).ConfigureAwait(false);
    }

    /// <summary>
    /// The name is gone, or has no records: so it looks for a moment when a zone is loaded anew, and for good when the last server
    /// has been removed.
    /// </summary>
    private SrvTargets OnMissing()
    {
        _missingSince ??= Now;
        bool hasServers = _current is { Targets.Count: > 0 };
        return _current is null || (hasServers && Now - _missingSince < settings.KeepMissing)
            ? throw new DnsException("the name has no SRV records")
            : Nothing(settings.MinTtl);
    }

    private SrvTargets Nothing(TimeSpan ttl) => _current is { Targets.Count: 0 } current
        ? current with { Until = UntilAfter(ttl) }
        : new SrvTargets([], new Dictionary<string, ValueList<IPAddress>>(), UntilAfter(ttl));

    private TimeSpan UntilAfter(TimeSpan ttl) => Now
        + (ttl < settings.MinTtl ? settings.MinTtl : ttl > settings.MaxTtl ? settings.MaxTtl : ttl);

    private async Task<SrvTargets> WithAddressesAsync(SrvEntry[] entries, SrvAnswer answer)
    {
        var found = new ConcurrentDictionary<string, AddressAnswer>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = HostsAtATime };
        await Parallel.ForEachAsync(
            entries.Select(static one => one.Host).Distinct(),
            parallel,
            async (host, _) => found[host] = await FindAsync(host, answer).ConfigureAwait(false)).ConfigureAwait(false);
        UpstreamTarget[] targets =
        [
            .. entries.Select(one => new UpstreamTarget
            {
                Host = one.Host,
                Port = one.Port,
                Priority = one.Priority,
                Weight = one.Weight,
                Addresses = found[one.Host].Addresses,
            }),
        ];
        TimeSpan ttl = found.Values.Select(static one => one.Ttl).Append(answer.Ttl).Min();
        return new SrvTargets(targets, found.ToDictionary(static one => one.Key, static one => one.Value.Addresses), UntilAfter(ttl));
    }

    private async ValueTask<AddressAnswer> FindAsync(string host, SrvAnswer answer)
    {
        if (answer.Addresses.TryGetValue(host, out AddressAnswer? came))
        {
            return came;
        }

        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            // A record must not have one, but some do.
            return new AddressAnswer([address], answer.Ttl);
        }

        ValueList<IPAddress> before = _current?.Addresses.GetValueOrDefault(host) ?? [];
        try
        {
            AddressAnswer found = await hosts.LookUpAsync(host, CancellationToken.None).ConfigureAwait(false);
            return found.Addresses.Count > 0 ? found : new AddressAnswer(before, TimeSpan.Zero);
        }
        catch (DnsException)
        {
            return new AddressAnswer(before, TimeSpan.Zero);
        }
    }
}
