using System.Security.Cryptography;
using ProxyCore.Certificates;
using ProxyCore.Relay.Transports;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Encrypting;

/// <summary>
/// Makes the contexts of a proxy from its certificates. A context is found again by what it is made from: so sessions are
/// resumed after a change that does not concern them. Any thread, once.
/// </summary>
/// <param name="engine">The implementation of TLS.</param>
/// <param name="certificates">The certificates, read.</param>
/// <param name="before">The contexts that there were.</param>
internal sealed class ContextBuilder(TlsEngine engine, CertificateSource certificates, IReadOnlyDictionary<string, TlsContext> before)
{
    private readonly Dictionary<string, TlsContext> _contexts = [];
    private readonly List<TlsContext> _made = [];
    private readonly List<(ListenerTls Listener, CertificateContexts Contexts)> _listeners = [];
    private readonly List<(UpstreamTls Upstream, TlsContext Context)> _upstreams = [];

    /// <summary>All contexts, by what they are made from.</summary>
    internal IReadOnlyDictionary<string, TlsContext> Contexts => _contexts;

    /// <summary>Makes what an endpoint needs.</summary>
    /// <param name="listener">The endpoint.</param>
    /// <param name="clients">What its routes say of client certificates; null for what the endpoint says.</param>
    /// <exception cref="TlsException">A certificate can't be used.</exception>
    internal void Add(ListenerTls listener, IReadOnlyCollection<ClientCertificateSettings?> clients)
    {
        CertificateSettings[] pairs = [.. listener.Settings.Certificates];
        LoadedCertificate[] loaded = [.. pairs.Select(certificates.Get)];
        var contexts = new Dictionary<(int, ClientCertificateSettings?), TlsContext>();
        foreach ((int index, LoadedCertificate certificate) in loaded.Index())
        {
            foreach (ClientCertificateSettings? own in clients)
            {
                contexts.Add((index, own), MakeServer(listener.Settings, pairs[index], certificate, own ?? listener.Settings.Clients));
            }
        }

        _listeners.Add((listener, new CertificateContexts(new CertificateSet(loaded), contexts)));
    }

    /// <summary>Makes what an upstream needs.</summary>
    /// <exception cref="TlsException">A certificate can't be used.</exception>
    internal void Add(UpstreamTls upstream)
    {
        UpstreamTlsSettings settings = upstream.Settings;
        LoadedCertificate? own = settings.Certificate is { } pair ? certificates.Get(pair) : null;
        IReadOnlyList<ReadOnlyMemory<byte>>? ca = settings.CaPath is { } path ? certificates.GetAuthorities(path) : null;
        string key = $"{settings} {string.Join(',', settings.Alpn.AsSpan())} {FingerprintOf(own?.Chain)} {FingerprintOf(ca)}";
        _upstreams.Add((upstream, Find(key, settings.Certificate?.CertificatePath ?? settings.CaPath, () => engine.CreateClientContext(new TlsClientParameters
        {
            ServerName = settings.ServerName,
            Address = settings.Address,
            Verify = settings.Verify,
            Ca = ca,
            Identity = own is null ? null : IdentityOf(own),
            Alpn = settings.Alpn,
            MinimumVersion = settings.MinimumVersion,
        }))));
    }

    /// <summary>New connections begin with what was made.</summary>
    internal void Apply()
    {
        _listeners.ForEach(static one => one.Listener.Use(one.Contexts));
        _upstreams.ForEach(static one => one.Upstream.Use(one.Context));
    }

    /// <summary>Frees what was made.</summary>
    internal void Abandon() => _made.ForEach(static context => context.Dispose());

    private static TlsIdentity IdentityOf(LoadedCertificate certificate) => new(certificate.Chain, certificate.Key);

    private static string FingerprintOf(IReadOnlyList<ReadOnlyMemory<byte>>? certificates)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ReadOnlyMemory<byte> certificate in certificates ?? [])
        {
            hash.AppendData(certificate.Span);
        }

        return certificates is null ? "none" : Convert.ToHexString(hash.GetHashAndReset());
    }

    private TlsContext MakeServer(
        ListenTlsSettings settings, CertificateSettings pair, LoadedCertificate certificate, ClientCertificateSettings clients)
    {
        // A route may say no more than that it asks: then the endpoint says who may have issued what clients show.
        string? caPath = clients.Mode == ClientCertificateMode.None ? null : clients.CaPath ?? settings.Clients.CaPath;
        IReadOnlyList<ReadOnlyMemory<byte>> ca = caPath is null ? [] : certificates.GetAuthorities(caPath);
        string key = $"{FingerprintOf(certificate.Chain)} {clients.Mode} {FingerprintOf(ca)} {string.Join(',', settings.Alpn.AsSpan())} {settings.MinimumVersion}";
        return Find(key, pair.CertificatePath, () => engine.CreateServerContext(new TlsServerParameters(IdentityOf(certificate))
        {
            ClientCertificates = clients.Mode,
            ClientCa = ca,
            Alpn = settings.Alpn,
            MinimumVersion = settings.MinimumVersion,
        }));
    }

    /// <param name="key">What the context is made from.</param>
    /// <param name="file">What an error names; null when it is made from no file.</param>
    /// <param name="make">Makes it.</param>
    private TlsContext Find(string key, string? file, Func<TlsContext> make)
    {
        if (_contexts.TryGetValue(key, out TlsContext? context) || before.TryGetValue(key, out context))
        {
            _contexts[key] = context;
            return context;
        }

        try
        {
            context = make();
        }
        catch (TlsException exception) when (file is not null)
        {
            throw new TlsException($"{file}: {exception.Message}", exception);
        }

        _made.Add(context);
        _contexts.Add(key, context);
        return context;
    }
}
