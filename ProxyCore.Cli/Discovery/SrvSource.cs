using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ProxyCore.Connections.Pools;
using ProxyCore.Settings;

namespace ProxyCore.Cli.Discovery;

/// <summary>The source of upstreams <c>srv:NAME</c>: the SRV records of the DNS. Any thread.</summary>
internal sealed class SrvSource : IUpstreamSource
{
    /// <summary>What the addresses of its upstreams begin with.</summary>
    internal const string Scheme = "srv";

    // Task.Delay has a limit of some weeks.
    private static readonly TimeSpan _longestWait = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, SrvName> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly SharedLookups<SrvTargets> _lookups;
    private readonly SharedLookups<AddressAnswer> _hosts;
    private readonly IResolver _resolver;
    private readonly TimeProvider _clock;

    internal SrvSource(DnsSettings settings, IResolver resolver, TimeProvider clock)
    {
        Settings = settings;
        _resolver = resolver;
        _clock = clock;
        _hosts = new SharedLookups<AddressAnswer>((host, _) => resolver.FindAddressesAsync(host));
        _lookups = new SharedLookups<SrvTargets>((name, _) => Find(name).LookUpAsync());
    }

    /// <summary>What it was made with.</summary>
    internal DnsSettings Settings { get; }

    /// <summary>Makes one that asks servers of the DNS.</summary>
    internal static SrvSource Create(DnsSettings settings) => new(settings, new DnsResolver(settings), TimeProvider.System);

    public async IAsyncEnumerable<IReadOnlyList<UpstreamTarget>> WatchAsync(
        string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        name = name.TrimEnd('.');
        SrvName followed = Find(name);
        IReadOnlyList<UpstreamTarget>? last = null;
        while (true)
        {
            SrvTargets now = followed.Fresh ?? await _lookups.LookUpAsync(name, cancellationToken).ConfigureAwait(false);
            if (now.Targets != last)
            {
                last = now.Targets;
                yield return last;
            }

            TimeSpan wait = now.Until - followed.Now;
            wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait < _longestWait ? wait : _longestWait;
            await Task.Delay(wait, _clock, cancellationToken).ConfigureAwait(false);
        }
    }

    public string? FindFault(string name) => ServerName.TryReadHost(name, out _, out string? cause) ? null : cause;

    private SrvName Find(string name) => _names.GetOrAdd(
        name, static (one, source) => new SrvName(one, source._resolver, source._hosts, source.Settings, source._clock), this);
}
