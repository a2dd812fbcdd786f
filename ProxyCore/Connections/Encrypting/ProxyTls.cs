using Microsoft.Extensions.Logging;
using ProxyCore.Certificates;
using ProxyCore.Diagnostics;
using ProxyCore.Relay.Transports;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Encrypting;

/// <summary>The TLS of a proxy: the implementation, and the contexts of all that speaks it, as they are now.</summary>
/// <remarks>
/// Nothing is loaded before a configuration asks for TLS. Any thread; changes of the configuration come one at a time, those of
/// files at any time. A context that has been in use is left to the garbage collector: a client that is opening, a configuration
/// that is about to be used, and the loops of the one before may still begin with it.
/// </remarks>
/// <param name="clock">When files are looked at.</param>
/// <param name="logger">Where it is told what was loaded.</param>
internal sealed class ProxyTls(TimeProvider clock, ILogger logger) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FoundUpstreamTls _found = new();
    private TlsEngine? _engine;
    private volatile TlsSet _set = TlsSet.Empty;
    private IReadOnlyDictionary<string, TlsContext> _contexts = new Dictionary<string, TlsContext>();
    private CertificateSource? _source;
    private ProxySettings? _settings;

    /// <summary>The implementation of TLS. Once something is configured that speaks it.</summary>
    internal TlsEngine Engine => _engine!;

    /// <summary>The certificates that are in use.</summary>
    internal IReadOnlyList<CertificateStatus> Certificates => _source?.Status ?? [];

    /// <summary>Finds what is wrong with the certificates of settings, without any use of them.</summary>
    /// <param name="settings">What is configured.</param>
    /// <param name="logger">Gets the warnings of certificates that can be used, as the log does at a start.</param>
    /// <exception cref="ArgumentException">A file can't be used; the message has a line for each.</exception>
    internal static void Check(ProxySettings settings, ILogger logger)
    {
        using var tls = new ProxyTls(TimeProvider.System, logger);
        TlsChange change = tls.Prepare(settings);
        change.Source?.Warn();
        change.Abandon();
    }

    /// <summary>The certificates of an endpoint of the configuration.</summary>
    internal ListenerTls ListenerFor(ListenTlsSettings settings) => _set.Find(settings);

    /// <summary>TLS to an upstream, for a loop whose configuration has it.</summary>
    internal UpstreamTls UpstreamFor(UpstreamTlsSettings settings) =>
        _set.Find(settings) ?? throw new InvalidOperationException("no upstream of the configuration is spoken to so");

    /// <summary>
    /// Makes what servers need that a source has found. Takes milliseconds, and the loading of certificates may keep it: not for
    /// the thread of a loop.
    /// </summary>
    /// <param name="found">How TLS is spoken to each.</param>
    /// <returns>
    /// The TLS of each, to be kept as long as the server may be used. That of a new server is missing when its upstream has just
    /// left the configuration.
    /// </returns>
    /// <exception cref="TlsException">A certificate can't be used.</exception>
    internal IReadOnlyDictionary<UpstreamTlsSettings, UpstreamTls> PrepareFound(IReadOnlyCollection<UpstreamTlsSettings> found)
    {
        lock (_gate)
        {
            UpstreamTls[] all = [.. found.Select(one => one.Template is null ? _set.Find(one) : _found.Get(one)).OfType<UpstreamTls>()];
            UseFound();
            return all.Where(static one => one.IsReady).ToDictionary(static one => one.Settings);
        }
    }

    /// <summary>Reads the certificates of <paramref name="settings"/>, and makes their contexts.</summary>
    /// <exception cref="ArgumentException">A file can't be used; the message has a line for each. Nothing has changed.</exception>
    internal TlsChange Prepare(ProxySettings settings)
    {
        var set = TlsSet.Of(settings, _set);
        if (set.IsEmpty)
        {
            return new TlsChange(settings, set, null, null);
        }

        LoadEngine(settings.TlsEngine);
        var source = new CertificateSource(clock, logger);
        IReadOnlyList<ValidationError> errors = source.Read(CertificatePlaces.PairsOf(settings), CertificatePlaces.AuthoritiesOf(settings));
        if (errors.Count > 0)
        {
            source.Dispose();
            throw new ArgumentException(string.Join(Environment.NewLine, errors));
        }

        try
        {
            IReadOnlyList<UpstreamTls> found;
            lock (_gate)
            {
                found = _found.UsedIn(set);
            }

            return new TlsChange(settings, set, source, Build(settings, set, found, source));
        }
        catch (TlsException exception)
        {
            source.Dispose();
            throw new ArgumentException(exception.Message, exception);
        }
    }

    /// <summary>Makes a change.</summary>
    internal void Use(TlsChange change)
    {
        lock (_gate)
        {
            _source?.Dispose();
            _source = change.Source;
            _settings = change.Settings;
            change.Builder?.Apply();
            _contexts = change.Builder?.Contexts ?? new Dictionary<string, TlsContext>();
            _set = change.Set;
            try
            {
                // A source may have found more while the change was prepared.
                UseFound();
            }
            catch (TlsException exception)
            {
                logger.CertificateNotUsed(exception.Message);
            }
        }

        if (change.Source is { } source)
        {
            source.Changed += OnCertificatesChanged;
            source.Start();
        }
    }

    /// <summary>Ends the looks at files.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _source?.Dispose();
            _source = null;
        }
    }

    private void LoadEngine(TlsEngineKind kind)
    {
        if (_engine is not null)
        {
            return;
        }

        _engine = TlsEngines.Load(kind, out string? cause) ?? throw new ArgumentException($"{nameof(TcpProxyOptions.TlsEngine)}: {cause}");
        logger.TlsEngineLoaded(_engine.Description);
    }

    /// <summary>Within the gate: makes what servers lack that sources have found by now.</summary>
    /// <exception cref="TlsException">A certificate can't be used; nothing has changed.</exception>
    private void UseFound()
    {
        IReadOnlyList<UpstreamTls> found = _found.UsedIn(_set);
        var contexts = _contexts.Values.ToHashSet();
        if (_source is { } source && found.Any(one => !one.IsReady || !contexts.Contains(one.Context)))
        {
            ContextBuilder builder = Build(_settings!, _set, found, source);
            builder.Apply();
            _contexts = builder.Contexts;
        }
    }

    /// <exception cref="TlsException">A certificate can't be used.</exception>
    private ContextBuilder Build(ProxySettings settings, TlsSet set, IReadOnlyList<UpstreamTls> found, CertificateSource source)
    {
        var builder = new ContextBuilder(_engine!, source, _contexts);
        try
        {
            Func<ListenTlsSettings, IReadOnlyCollection<ClientCertificateSettings?>> clientsAt = FindClients(settings);
            foreach (ListenerTls listener in set.Listeners)
            {
                builder.Add(listener, clientsAt(listener.Settings));
            }

            foreach (UpstreamTls upstream in set.Upstreams.Concat(found))
            {
                builder.Add(upstream);
            }

            return builder;
        }
        catch
        {
            builder.Abandon();
            throw;
        }
    }

    /// <summary>
    /// What the routes of an endpoint say of client certificates; null for what the endpoint says. A route selector may lead a
    /// client of any endpoint to any route.
    /// </summary>
    private static Func<ListenTlsSettings, IReadOnlyCollection<ClientCertificateSettings?>> FindClients(ProxySettings settings)
    {
        if (settings.Extensions.Selector is not null)
        {
            ClientCertificateSettings?[] all = [.. settings.Routes.Select(static route => route.ClientCertificates).Append(null).Distinct()];
            return _ => all;
        }

        ILookup<ListenTlsSettings, ClientCertificateSettings?> byEndpoint = settings.Routes
            .SelectMany(static route => route.Listen, static (route, listen) => (listen.Tls, route.ClientCertificates))
            .Where(static one => one.Tls is not null)
            .ToLookup(static one => one.Tls!, static one => one.ClientCertificates);
        return endpoint => [.. byEndpoint[endpoint].Append(null).Distinct()];
    }

    /// <summary>On a thread of the pool: files have changed, and were read.</summary>
    private void OnCertificatesChanged()
    {
        lock (_gate)
        {
            if (_source is not { } source)
            {
                return;
            }

            try
            {
                ContextBuilder builder = Build(_settings!, _set, _found.UsedIn(_set), source);
                builder.Apply();
                _contexts = builder.Contexts;
            }
            catch (TlsException exception)
            {
                logger.CertificateNotUsed(exception.Message);
            }
        }
    }
}
