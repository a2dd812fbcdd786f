using ProxyCore.Settings;

namespace ProxyCore.Certificates;

/// <summary>Where the settings of a proxy name files with certificates.</summary>
internal static class CertificatePlaces
{
    /// <summary>The certificates of listeners and of upstreams, each with the place in the options, such as <c>Routes:0:Listen:0:Tls:Certificates:0</c>.</summary>
    internal static IEnumerable<(CertificateSettings Settings, string Path)> PairsOf(ProxySettings settings)
    {
        foreach ((RouteSettings route, string path) in RoutesOf(settings))
        {
            foreach ((ListenTlsSettings tls, string tlsPath) in ListenersOf(route, path))
            {
                foreach ((int index, CertificateSettings pair) in tls.Certificates.Index())
                {
                    yield return (pair, At($"{tlsPath}:{nameof(ListenTlsOptions.Certificates)}", index));
                }
            }

            foreach ((UpstreamTlsSettings tls, string tlsPath) in UpstreamsOf(route, path))
            {
                if (tls.Certificate is { } pair)
                {
                    yield return (pair, $"{tlsPath}:{nameof(UpstreamTlsOptions.Certificate)}");
                }
            }
        }
    }

    /// <summary>The files with authorities of listeners, routes and upstreams, each with the place in the options.</summary>
    internal static IEnumerable<(string CaPath, string Path)> AuthoritiesOf(ProxySettings settings)
    {
        foreach ((RouteSettings route, string path) in RoutesOf(settings))
        {
            HashSet<string> ofListeners = [];
            foreach ((ListenTlsSettings tls, string tlsPath) in ListenersOf(route, path))
            {
                if (tls.Clients.CaPath is { } file)
                {
                    ofListeners.Add(file);
                    yield return (file, $"{tlsPath}:{nameof(ListenTlsOptions.ClientCa)}");
                }
            }

            // A route without a file of its own has that of its listener, which has its place already.
            if (route.ClientCertificates?.CaPath is { } own && !ofListeners.Contains(own))
            {
                yield return (own, $"{path}:{nameof(RouteOptions.ClientCa)}");
            }

            foreach ((UpstreamTlsSettings tls, string tlsPath) in UpstreamsOf(route, path))
            {
                if (tls.CaPath is { } file)
                {
                    yield return (file, $"{tlsPath}:{nameof(UpstreamTlsOptions.Ca)}");
                }
            }
        }
    }

    private static IEnumerable<(RouteSettings Route, string Path)> RoutesOf(ProxySettings settings) =>
        settings.Routes.Index().Select(static one => (one.Item, At(nameof(TcpProxyOptions.Routes), one.Index)));

    private static IEnumerable<(ListenTlsSettings Tls, string Path)> ListenersOf(RouteSettings route, string path) =>
        from one in route.Listen.Index()
        where one.Item.Tls is not null
        select (one.Item.Tls, $"{At($"{path}:{nameof(RouteOptions.Listen)}", one.Index)}:{nameof(ListenOptions.Tls)}");

    private static IEnumerable<(UpstreamTlsSettings Tls, string Path)> UpstreamsOf(RouteSettings route, string path) =>
        from one in route.Pool.Upstreams.Index()
        where one.Item.Tls is not null
        select (one.Item.Tls, $"{At($"{path}:{nameof(RouteOptions.Upstreams)}", one.Index)}:{nameof(UpstreamOptions.Tls)}");

    private static string At(string list, int index) => FormattableString.Invariant($"{list}:{index}");
}
