using System.Net;
using ProxyCore.Connections.Encrypting;
using ProxyCore.Loop;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>An upstream whose servers a source finds: each is a member of its own. Belongs to the thread of the pool.</summary>
internal sealed class DiscoveredUpstream : ConfiguredUpstream
{
    private readonly SelectLoop _loop;
    private readonly NameLookup _lookup;
    private readonly LoopTls _tls;
    private readonly IUpstreamListener _listener;
    private Dictionary<string, UpstreamAddresses> _names = [];
    private RouteSettings _route;
    private SourceWatch _watch;
    private FoundServers? _found;
    private IReadOnlyList<MemberSettings>? _members;
    private bool _isStopped = true;

    // How TLS is spoken, as it is configured. Another thread reads it.
    private volatile UpstreamTlsSettings? _configuredTls;

    // The same, once it is ready for use.
    private UpstreamTlsSettings? _readyTls;

    /// <param name="settings">What is configured of it.</param>
    /// <param name="route">What is configured of its route.</param>
    /// <param name="loop">The loop of the pool.</param>
    /// <param name="lookup">What looks names of servers up.</param>
    /// <param name="tls">The TLS of the loop.</param>
    /// <param name="listener">Is told what was found.</param>
    internal DiscoveredUpstream(
        UpstreamSettings settings, RouteSettings route, SelectLoop loop, NameLookup lookup, LoopTls tls, IUpstreamListener listener)
        : base(settings)
    {
        _loop = loop;
        _lookup = lookup;
        _tls = tls;
        _listener = listener;
        _route = route;
        _configuredTls = settings.Tls;
        _readyTls = settings.Tls;
        _watch = MakeWatch();
    }

    internal override bool IsAsking => _watch.IsAsking || _names.Values.Any(static one => one.IsAsking);

    internal override string? LookupError => _watch.Error
        ?? (_found is { All.Count: 0 } ? $"'{Name}' has no server now" : null)
        ?? _names.Values.Select(static one => one.LookupError).FirstOrDefault(static error => error is not null)
        ?? (Members.Count == 0 && _found is not null ? $"the servers of '{Name}' have no addresses" : null);

    internal override IReadOnlyList<MemberSettings> Members => _members ??= MakeMembers();

    internal override IEnumerable<string> Unresolved => _found is null or { All.Count: 0 }
        ? [Name]
        : _found.All.Where(server => EndPointsOf(server).Count == 0).Select(static server => server.Name);

    internal override void Start()
    {
        _isStopped = false;
        _watch.Start();
        foreach (UpstreamAddresses name in _names.Values)
        {
            name.Start();
        }
    }

    internal override void Stop()
    {
        _isStopped = true;
        _watch.Stop();
        foreach (UpstreamAddresses name in _names.Values)
        {
            name.Stop();
        }

        if (_configuredTls is not null)
        {
            // Not on this thread: certificates may be being loaded.
            _ = Task.Run(() => _tls.Forget(this));
        }
    }

    internal override void Refresh(string? address = null)
    {
        _watch.Refresh();
        foreach ((string name, UpstreamAddresses addresses) in _names)
        {
            if (address is null || address == name)
            {
                addresses.Refresh();
            }
        }
    }

    internal override void Update(UpstreamSettings settings, RouteSettings route)
    {
        bool hasOtherSource = settings.Source != Settings.Source;
        bool hasOtherTls = settings.Tls != Settings.Tls;
        base.Update(settings, route);
        _route = route;
        _members = null;
        _watch.Interval = route.Pool.ResolveInterval;
        foreach (UpstreamAddresses name in _names.Values)
        {
            name.Update(route.Pool.ResolveInterval, route.ConnectTimeout);
        }

        if (hasOtherSource)
        {
            _watch.Stop();
            _watch = MakeWatch();
        }

        if (hasOtherTls)
        {
            _configuredTls = settings.Tls;
            PrepareTls(settings.Tls);
        }
    }

    private SourceWatch MakeWatch() => new(_loop, Settings.Source!, Settings.Endpoint.Name!, Read, OnFound, OnFailed)
    {
        Interval = _route.Pool.ResolveInterval,
    };

    /// <summary>On a thread of the pool: checks a list, and makes the certificates of its servers ready.</summary>
    private FoundServers Read(IReadOnlyList<UpstreamTarget> targets)
    {
        var servers = FoundServers.Read(targets);
        return _configuredTls is { } tls ? _tls.Prepare(this, tls, servers) : servers;
    }

    private void PrepareTls(UpstreamTlsSettings? tls)
    {
        FoundServers servers = _found ?? FoundServers.None;
        _ = Task.Run(() =>
        {
            if (tls is not null)
            {
                _tls.Prepare(this, tls, servers);
            }

            _loop.Post(_watch, () =>
            {
                _readyTls = tls;
                _members = null;
                _listener.OnMembersChanged();
            });
        });
    }

    private void OnFound(FoundServers servers)
    {
        bool isNew = _found?.All != servers.All;
        if (_watch.FailedBefore)
        {
            _listener.OnLookedUp(new LookupResult(Name, Error: null, FailedBefore: true, HasOld: true));
        }

        if (!isNew)
        {
            return;
        }

        FoundServers? before = _found;
        _found = servers;
        FollowNames(servers);
        _members = null;
        _listener.OnFound(Name, before, servers);
    }

    private void OnFailed() =>
        _listener.OnLookedUp(new LookupResult(Name, _watch.Error, _watch.FailedBefore, HasOld: _found is { All.Count: > 0 }));

    /// <summary>Looks up the names that came without addresses, and no others.</summary>
    private void FollowNames(FoundServers servers)
    {
        Dictionary<string, UpstreamAddresses> before = _names;
        _names = [];
        foreach (FoundServer server in servers.All.Where(static one => one.Addresses is null))
        {
            bool isKnown = before.Remove(server.Name, out UpstreamAddresses? name);
            name ??= new UpstreamAddresses(
                _loop, server.Endpoint, _route.Pool.ResolveInterval, _route.ConnectTimeout, _lookup, OnLookedUp);
            _names.Add(server.Name, name);
            if (!isKnown && !_isStopped)
            {
                name.Start();
            }
        }

        foreach (UpstreamAddresses gone in before.Values)
        {
            gone.Stop();
        }
    }

    private void OnLookedUp(LookupResult result)
    {
        _members = null;
        _listener.OnLookedUp(result);
    }

    private IReadOnlyList<EndPoint> EndPointsOf(FoundServer server) => server.Addresses is { } addresses
        ? [.. addresses.Select(address => new IPEndPoint(address, server.Endpoint.Port))]
        : _names[server.Name].Current;

    private MemberSettings[] MakeMembers() =>
    [
        .. from server in _found?.All ?? []
           let endPoints = EndPointsOf(server)
           let tls = _readyTls is { } configured ? UpstreamTlsReader.ForServer(configured, server.Endpoint) : null
           where endPoints.Count > 0 && (_readyTls is null || tls is not null)
           select new MemberSettings(
               server.Name, endPoints, Settings.Weight * server.Weight, Settings.MaxConnections, Settings.IsBackup)
           {
               Source = Name,
               PriorityGroup = server.PriorityGroup,
               SendProxyProtocol = Settings.SendProxyProtocol,
               Tls = tls,
           },
    ];
}
