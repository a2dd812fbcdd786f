namespace ProxyCore.Settings;

/// <summary>Checks what the options say of TLS towards clients, and turns it into settings.</summary>
internal sealed class TlsReader(ValidationErrors errors)
{
    private const string CaIsNeeded = "must name a file: clients are asked for a certificate";
    private const string Differs = "must be given: it differs between the endpoints of the route";

    /// <summary>Reads how an endpoint ends TLS.</summary>
    /// <param name="options">The options; null when it does not.</param>
    /// <param name="path">Where they are configured.</param>
    internal ListenTlsSettings? ReadListen(ListenTlsOptions? options, string path)
    {
        if (options is null)
        {
            return null;
        }

        errors.RequireNamed(options.MinimumVersion, $"{path}:{nameof(options.MinimumVersion)}");
        errors.RequireTimeout(options.HandshakeTimeout, $"{path}:{nameof(options.HandshakeTimeout)}");
        errors.RequireNamed(options.OnTruncation, $"{path}:{nameof(options.OnTruncation)}");
        errors.RequireNamed(options.UnknownName, $"{path}:{nameof(options.UnknownName)}");
        return new ListenTlsSettings(
            ReadCertificates(options.Certificates, $"{path}:{nameof(options.Certificates)}"),
            ReadClients(options, path),
            AlpnReader.Read(options.Alpn, $"{path}:{nameof(options.Alpn)}", errors),
            options.MinimumVersion,
            options.HandshakeTimeout,
            options.OnTruncation,
            options.UnknownName);
    }

    /// <summary>Reads the files of a certificate.</summary>
    internal CertificateSettings? ReadCertificate(CertificateOptions? options, string path)
    {
        if (options is null)
        {
            errors.Require(false, path, "must not be null");
            return null;
        }

        string? certificate = errors.ReadFile(options.Certificate, $"{path}:{nameof(options.Certificate)}");
        string? key = ReadOptionalFile(options.Key, $"{path}:{nameof(options.Key)}");
        string? password = ReadOptionalFile(options.PasswordFile, $"{path}:{nameof(options.PasswordFile)}");
        return certificate is null ? null : new CertificateSettings(certificate, key == certificate ? null : key, password);
    }

    internal string? ReadOptionalFile(string? text, string path) => text is null ? null : errors.ReadFile(text, path);

    private ValueList<CertificateSettings> ReadCertificates(IList<CertificateOptions> options, string path)
    {
        errors.Require(options.Count > 0 || errors.IsRefusedBelow(path), path, "at least one certificate is needed");
        return
        [
            .. options
                .Select((one, i) => ReadCertificate(one, errors.PathOf(one, $"{path}:{i}")))
                .OfType<CertificateSettings>(),
        ];
    }

    /// <summary>The file is kept also where the endpoint asks nobody: a route of it may ask, and have no file of its own.</summary>
    private ClientCertificateSettings ReadClients(ListenTlsOptions options, string path)
    {
        string ca = $"{path}:{nameof(options.ClientCa)}";
        errors.RequireNamed(options.ClientCertificates, $"{path}:{nameof(options.ClientCertificates)}");
        errors.Require(options.ClientCertificates == ClientCertificateMode.None || options.ClientCa is not null, ca, CaIsNeeded);
        return new ClientCertificateSettings(options.ClientCertificates, ReadOptionalFile(options.ClientCa, ca));
    }

    /// <summary>Reads whether the clients of a route are asked for certificates; null for what its endpoints say.</summary>
    /// <param name="options">The options of the route.</param>
    /// <param name="listens">Its endpoints.</param>
    /// <param name="path">Where it is configured.</param>
    internal ClientCertificateSettings? ReadClients(RouteOptions options, ValueList<ListenSettings> listens, string path)
    {
        string modePath = path + nameof(options.ClientCertificates);
        string caPath = path + nameof(options.ClientCa);
        errors.RequireNamed(options.ClientCertificates ?? ClientCertificateMode.None, modePath);
        string? ownCa = ReadOptionalFile(options.ClientCa, caPath);
        if ((options.ClientCertificates is null && options.ClientCa is null) || !AreKnown(listens, options, path))
        {
            return null;
        }

        string own = options.ClientCertificates is null ? caPath : modePath;
        ListenSettings? plain = listens.FirstOrDefault(static listen => listen.Tls is null);
        if (!errors.Require(
                options.Tls != RouteTlsMode.Passthrough,
                own,
                "can't be given with Passthrough: the upstream ends TLS then, and may ask for certificates itself")
            || !errors.Require(plain is null, own, $"needs TLS on each endpoint of the route, and '{plain?.Endpoint}' has no Tls")
            || ReadClientMode(options, listens, path) is not { } mode)
        {
            return null;
        }

        if (mode == ClientCertificateMode.None)
        {
            errors.Require(options.ClientCa is null, caPath, "has no use: clients of the route are not asked for a certificate");
            return ClientCertificateSettings.None;
        }

        return new ClientCertificateSettings(mode, options.ClientCa is null ? CaOf(listens, caPath) : ownCa);
    }

    /// <summary>Reads what a route does with TLS.</summary>
    /// <inheritdoc cref="ReadClients(RouteOptions, ValueList{ListenSettings}, string)"/>
    internal RouteTlsMode ReadRouteMode(RouteOptions options, ValueList<ListenSettings> listens, string path)
    {
        string modePath = path + nameof(options.Tls);
        errors.RequireNamed(options.Tls, modePath);
        bool isPlain = listens.Count > 0 && listens.All(static listen => listen.Tls is null);
        errors.Require(
            options.Tls != RouteTlsMode.Passthrough || !isPlain || !AreKnown(listens, options, path),
            modePath,
            "is Passthrough, which needs an endpoint with Tls: all others pass TLS on anyway");
        return options.Tls;
    }

    /// <summary>Refuses to end TLS at an endpoint all of whose routes pass it on: its certificates would have no use.</summary>
    /// <param name="routes">All routes, and where each is configured.</param>
    internal void RequireTermination(IReadOnlyList<(RouteSettings Route, string Path)> routes)
    {
        ILookup<RouteTlsMode, (ProxyEndpoint Endpoint, string Path)> endpoints = (
            from one in routes
            from listen in one.Route.Listen
            where listen.Tls is not null
            select (one.Route.Tls, listen.Endpoint, one.Path)).ToLookup(static one => one.Tls, static one => (one.Endpoint, one.Path));
        HashSet<ProxyEndpoint> ending = [.. endpoints[RouteTlsMode.Terminate].Select(static one => one.Endpoint)];
        foreach ((ProxyEndpoint endpoint, string path) in endpoints[RouteTlsMode.Passthrough])
        {
            errors.Require(
                ending.Contains(endpoint) || ending.Any(one => ListenAddresses.Covers(one, endpoint) || ListenAddresses.Covers(endpoint, one)),
                path + nameof(RouteOptions.Tls),
                $"is Passthrough, as of all routes of '{endpoint}': leave out Tls of the endpoint, and all of it is passed on");
        }
    }

    /// <summary>Whether all endpoints of a route could be read, so that rules about them make sense.</summary>
    private bool AreKnown(ValueList<ListenSettings> listens, RouteOptions options, string path) =>
        listens.Count == options.Listen.Count
        && !errors.IsRefused(path + nameof(options.Listen))
        && !errors.IsRefusedBelow(path + nameof(options.Listen));

    private ClientCertificateMode? ReadClientMode(RouteOptions options, ValueList<ListenSettings> listens, string path)
    {
        if (options.ClientCertificates is { } own)
        {
            return own;
        }

        ClientCertificateMode[] all = [.. listens.Select(static listen => listen.Tls!.Clients.Mode).Distinct()];
        string modePath = path + nameof(options.ClientCertificates);
        errors.Require(all.Length < 2, modePath, Differs);
        errors.Require(all.Length > 0, modePath, "must be given: the route has no endpoint that says it");
        return all is [var only] ? only : null;
    }

    private string? CaOf(ValueList<ListenSettings> listens, string path)
    {
        string?[] all = [.. listens.Select(static listen => listen.Tls!.Clients.CaPath).Distinct()];
        errors.Require(all.Length < 2, path, Differs);
        errors.Require(all.Length > 1 || all is [not null], path, CaIsNeeded);
        return all is [var only] ? only : null;
    }
}
