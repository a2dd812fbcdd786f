using ProxyCore.Connections.Encrypting;
using ProxyCore.Loop;
using ProxyCore.Relay.Transports;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>An upstream whose servers a source finds: each is a member of its own. Belongs to the thread of the pool.</summary>
internal sealed class DiscoveredUpstream : ConfiguredUpstream
{
    private readonly SelectLoop _loop;
    private readonly LoopTls _tls;
    private readonly IUpstreamListener _listener;
    private readonly ServerNames _names;
    private RouteSettings _route;
    private SourceWatch _watch;
    private PreparedServers? _found;
    private IReadOnlyList<MemberSettings>? _members;

    // How TLS is spoken, as it is configured. Another thread reads it.
    private volatile UpstreamTlsSettings? _configuredTls;

    // The newest list, while it is made ready once more: for TLS that is configured in another way since it was found.
    private FoundServers? _preparing;

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
        _tls = tls;
        _listener = listener;
        _route = route;
        _configuredTls = settings.Tls;
        _watch = MakeWatch();
        _names = new ServerNames(loop, lookup, OnLookedUp);
    }

    internal override bool IsAsking => _watch.IsAsking || _preparing is not null || _names.IsAsking;

    internal override string? LookupError => _watch.Error
        ?? (_found is { Servers.All.Count: 0 } ? $"'{Name}' has no server now" : null)
        ?? _names.LookupError
        ?? (Members.Count == 0 && _found is not null ? $"the servers of '{Name}' have no addresses" : null);

    internal override IReadOnlyList<MemberSettings> Members => _members ??= MakeMembers();

    internal override IEnumerable<string> Unresolved => _found is null or { Servers.All.Count: 0 }
        ? [Name]
        : _found.Servers.All.Where(server => _names.EndPointsOf(server).Count == 0).Select(static server => server.Name);

    internal override void Start()
    {
        _watch.Start();
        _names.Start();
    }

    internal override void Stop()
    {
        _watch.Stop();
        _names.Stop();
    }

    internal override void Refresh(string? address = null)
    {
        _watch.Refresh();
        _names.Refresh(address);
    }

    internal override void Update(UpstreamSettings settings, RouteSettings route)
    {
        bool hasOtherSource = settings.Source != Settings.Source;
        bool hasOtherTls = settings.Tls != Settings.Tls;
        base.Update(settings, route);
        _route = route;
        _members = null;
        _watch.Interval = route.Pool.ResolveInterval;
        _names.Update(route);
        if (hasOtherSource)
        {
            _watch.Stop();
            _watch = MakeWatch();
        }

        if (hasOtherTls)
        {
            _configuredTls = settings.Tls;
            if ((_preparing ?? _found?.Servers) is { } newest)
            {
                PrepareAgain(newest);
            }
        }
    }

    private SourceWatch MakeWatch() => new(_loop, Settings.Source!, Settings.Endpoint.Name!, Read, OnFound, OnFailed)
    {
        Interval = _route.Pool.ResolveInterval,
    };

    /// <summary>On a thread of the pool: checks a list, and makes the TLS of its servers ready.</summary>
    private PreparedServers Read(IReadOnlyList<UpstreamTarget> targets) => Prepare(FoundServers.Read(targets), _configuredTls);

    private PreparedServers Prepare(FoundServers servers, UpstreamTlsSettings? tls)
    {
        if (tls is null)
        {
            return PreparedServers.None with { Servers = servers };
        }

        (FoundServers good, IReadOnlyDictionary<ProxyEndpoint, IUpstreamTls> ready) = _tls.Prepare(tls, servers);
        return new PreparedServers(good, tls, ready);
    }

    /// <summary>Makes a list ready for TLS as it is configured now. Until that is done, what there was stays in use.</summary>
    private void PrepareAgain(FoundServers servers)
    {
        UpstreamTlsSettings? tls = Settings.Tls;
        _preparing = servers;
        _ = Task.Run(() =>
        {
            PreparedServers? prepared = null;
            string? error = null;
            try
            {
                prepared = Prepare(servers, tls);
            }
            catch (TlsException exception)
            {
                error = exception.Message;
            }

            _loop.Post(_watch, () => OnPrepared(servers, tls, prepared, error));
        });
    }

    private void OnPrepared(FoundServers servers, UpstreamTlsSettings? tls, PreparedServers? prepared, string? error)
    {
        // A newer list, or another change of the configuration, has come meanwhile.
        if (!ReferenceEquals(_preparing, servers) || tls != Settings.Tls)
        {
            return;
        }

        _preparing = null;
        if (prepared is null)
        {
            _listener.OnLookedUp(new LookupResult(Name, error, FailedBefore: false, HasOld: _found is { Servers.All.Count: > 0 }));
        }
        else
        {
            Use(prepared);
        }
    }

    private void OnFound(PreparedServers found)
    {
        if (_watch.FailedBefore)
        {
            _listener.OnLookedUp(new LookupResult(Name, Error: null, FailedBefore: true, HasOld: true));
        }

        _preparing = null;
        if (found.ConfiguredTls == Settings.Tls)
        {
            Use(found);
        }
        else
        {
            PrepareAgain(found.Servers);
        }
    }

    private void Use(PreparedServers found)
    {
        PreparedServers? before = _found;
        if (before is not null && found.IsLike(before))
        {
            return;
        }

        _found = found;
        _names.Follow(found.Servers, _route);
        _members = null;
        if (before?.Servers.All == found.Servers.All)
        {
            _listener.OnMembersChanged();
        }
        else
        {
            _listener.OnFound(Name, before?.Servers, found.Servers);
        }
    }

    private void OnFailed() =>
        _listener.OnLookedUp(new LookupResult(Name, _watch.Error, _watch.FailedBefore, HasOld: _found is { Servers.All.Count: > 0 }));

    private void OnLookedUp(LookupResult result)
    {
        _members = null;
        _listener.OnLookedUp(result);
    }

    private MemberSettings[] MakeMembers() =>
    [
        .. from server in _found?.Usable ?? []
           let endPoints = _names.EndPointsOf(server)
           where endPoints.Count > 0
           select new MemberSettings(
               server.Name, endPoints, Settings.Weight * server.Weight, Settings.MaxConnections, Settings.IsBackup)
           {
               Source = Name,
               PriorityGroup = server.PriorityGroup,
               SendProxyProtocol = Settings.SendProxyProtocol,
               Tls = _found!.Tls.GetValueOrDefault(server.Endpoint),
           },
    ];
}
