using ProxyCore.Settings;

namespace ProxyCore.Connections.Encrypting;

/// <summary>All endpoints and upstreams of a configuration that speak TLS. Immutable, any thread.</summary>
internal sealed class TlsSet
{
    private readonly Dictionary<ListenTlsSettings, ListenerTls> _listeners = [];
    private readonly Dictionary<UpstreamTlsSettings, UpstreamTls> _upstreams = [];

    private TlsSet? _before;

    private TlsSet()
    {
    }

    /// <summary>Nothing speaks TLS.</summary>
    internal static TlsSet Empty { get; } = new();

    internal IEnumerable<ListenerTls> Listeners => _listeners.Values;

    internal IEnumerable<UpstreamTls> Upstreams => _upstreams.Values;

    internal bool IsEmpty => _listeners.Count + _upstreams.Count == 0;

    /// <summary>The endpoint with these settings, of this configuration or, for loops that have not changed yet, the one before.</summary>
    internal ListenerTls Find(ListenTlsSettings settings) => _listeners.GetValueOrDefault(settings) ?? _before!._listeners[settings];

    /// <summary>The same of an upstream; null when neither configuration has it.</summary>
    internal UpstreamTls? Find(UpstreamTlsSettings settings) => _upstreams.GetValueOrDefault(settings) ?? _before?._upstreams.GetValueOrDefault(settings);

    /// <summary>Whether this configuration has an upstream with these settings.</summary>
    internal bool Has(UpstreamTlsSettings settings) => _upstreams.ContainsKey(settings);

    /// <summary>What <paramref name="settings"/> need. What is configured as in <paramref name="before"/> is the same object.</summary>
    internal static TlsSet Of(ProxySettings settings, TlsSet before)
    {
        var set = new TlsSet { _before = before };
        before._before = null;
        foreach (ListenTlsSettings tls in settings.Routes.SelectMany(static route => route.Listen).Select(static listen => listen.Tls).OfType<ListenTlsSettings>())
        {
            set._listeners.TryAdd(tls, before._listeners.GetValueOrDefault(tls) ?? new ListenerTls(tls));
        }

        foreach (UpstreamTlsSettings tls in settings.Routes.SelectMany(static route => route.Pool.Upstreams).Select(static upstream => upstream.Tls).OfType<UpstreamTlsSettings>())
        {
            set._upstreams.TryAdd(tls, before._upstreams.GetValueOrDefault(tls) ?? new UpstreamTls(tls));
        }

        return set;
    }
}
