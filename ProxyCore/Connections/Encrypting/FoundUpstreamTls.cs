using ProxyCore.Settings;

namespace ProxyCore.Connections.Encrypting;

/// <summary>
/// The TLS of servers that sources have found. Each lasts as long as a pool or a connection has it: who was granted a server
/// may still begin its handshake when the source has named others many times.
/// </summary>
/// <remarks>Belongs to its owner's lock.</remarks>
internal sealed class FoundUpstreamTls
{
    private readonly Dictionary<UpstreamTlsSettings, WeakReference<UpstreamTls>> _all = [];

    /// <summary>That of a server; a new one without a context when nobody has it any more.</summary>
    internal UpstreamTls Get(UpstreamTlsSettings settings)
    {
        if (_all.TryGetValue(settings, out WeakReference<UpstreamTls>? known) && known.TryGetTarget(out UpstreamTls? upstream))
        {
            return upstream;
        }

        upstream = new UpstreamTls(settings);
        _all[settings] = new WeakReference<UpstreamTls>(upstream);
        return upstream;
    }

    /// <summary>Those that somebody has, as far as <paramref name="set"/> has the upstream that they were found for.</summary>
    internal IReadOnlyList<UpstreamTls> UsedIn(TlsSet set)
    {
        var used = new List<UpstreamTls>(_all.Count);
        foreach ((UpstreamTlsSettings settings, WeakReference<UpstreamTls> one) in _all)
        {
            if (!one.TryGetTarget(out UpstreamTls? upstream))
            {
                _all.Remove(settings);
            }
            else if (set.Has(settings.Template!))
            {
                used.Add(upstream);
            }
        }

        return used;
    }
}
