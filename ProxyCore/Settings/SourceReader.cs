using System.Buffers;
using ProxyCore.Diagnostics;

namespace ProxyCore.Settings;

/// <summary>Checks the sources of upstreams, and the addresses that begin with their schemes.</summary>
internal sealed class SourceReader
{
    private const int LongestScheme = 32;

    // Longer than any name of the DNS.
    private const int LongestName = 512;

    private static readonly SearchValues<char> _ofScheme = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly ValidationErrors _errors;
    private readonly Dictionary<string, IUpstreamSource> _sources = new(StringComparer.OrdinalIgnoreCase);

    internal SourceReader(ValidationErrors errors, IDictionary<string, IUpstreamSource> sources)
    {
        _errors = errors;
        foreach ((string scheme, IUpstreamSource? source) in sources)
        {
            string path = $"{nameof(TcpProxyOptions.UpstreamSources)}:{Printable.Shorten(scheme)}";
            bool isGood = errors.Require(
                scheme.Length is > 0 and <= LongestScheme && char.IsAsciiLetterLower(scheme[0]) && !scheme.AsSpan().ContainsAnyExcept(_ofScheme)
                && scheme is not ("unix" or "localhost"),
                path,
                $"is no scheme: up to {LongestScheme} lower-case letters, digits and hyphens, a letter first; not unix, and not localhost");
            if (errors.Require(source is not null, path, "must not be null") && isGood)
            {
                _sources.Add(scheme, source!);
            }
        }
    }

    /// <summary>Whether an address begins with the scheme of a source.</summary>
    internal bool IsOfSource(string? address) => SchemeOf(address) is not null;

    /// <summary>Reads the address of an upstream for which <see cref="IsOfSource"/> is true; null when something is wrong with it.</summary>
    internal ProxyEndpoint? Read(UpstreamOptions options, string path, out IUpstreamSource? source)
    {
        string scheme = SchemeOf(options.Address)!;
        string name = options.Address[(scheme.Length + 1)..];
        string pathOfAddress = $"{path}:{nameof(options.Address)}";
        source = _sources[scheme];
        bool isName = _errors.Require(
            name.Length is > 0 and <= LongestName && !name.AsSpan().ContainsAnyExceptInRange('!', '~'),
            pathOfAddress,
            $"'{Printable.Shorten(options.Address)}' has no name behind {scheme}: with 1 to {LongestName} printable ASCII characters");
        string? fault = isName ? source.FindFault(name) : null;
        bool isGood = _errors.Require(fault is null, pathOfAddress, $"'{Printable.Shorten(options.Address)}' can't be looked up: {fault}");
        _errors.Require(
            OptionLimits.WeightOfSource.Allow(options.Weight) || _errors.IsRefused($"{path}:{nameof(options.Weight)}"),
            $"{path}:{nameof(options.Weight)}",
            $"must be {OptionLimits.WeightOfSource.Least} or {OptionLimits.WeightOfSource.Most}: the servers of '{scheme}:' have weights of their own");
        return isName && isGood ? ProxyEndpoint.OfSource(scheme, name) : null;
    }

    private string? SchemeOf(string? address)
    {
        int colon = address?.IndexOf(':') ?? -1;
        string? scheme = colon > 0 ? address![..colon].ToLowerInvariant() : null;

        // db:5432 is a server even if there is a source db.
        return scheme is not null && _sources.ContainsKey(scheme) && !ProxyEndpoint.TryParse(address, out _) ? scheme : null;
    }
}
