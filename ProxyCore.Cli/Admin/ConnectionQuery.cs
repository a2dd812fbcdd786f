using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using ProxyCore.Diagnostics;
using ProxyCore.Settings;

namespace ProxyCore.Cli.Admin;

/// <summary>Which connections a request asks for.</summary>
/// <param name="Filter">What they must be.</param>
/// <param name="After">Only those with a higher id.</param>
/// <param name="Limit">How many.</param>
internal sealed record ConnectionQuery(ConnectionFilter Filter, long After, int Limit)
{
    /// <summary>How many connections one answer may have.</summary>
    internal const int MostLimit = 1000;

    private const int DefaultLimit = 100;

    private const string Client = "client";
    private const string Route = "route";
    private const string Upstream = "upstream";
    private const string Phase = "phase";

    private static readonly string[] _ofFilter = [Client, Route, Upstream, Phase];
    private static readonly string[] _ofPage = ["after", "limit"];

    private static readonly Dictionary<string, ConnectionPhase> _phases = Enum.GetValues<ConnectionPhase>()
        .Where(static phase => phase != ConnectionPhase.Closed)
        .ToDictionary(ConnectionNames.Of);

    /// <summary>Reads a search.</summary>
    /// <param name="query">The query of the request.</param>
    /// <param name="errors">What is wrong is added here.</param>
    internal static ConnectionQuery ReadSearch(IQueryCollection query, ValidationErrors errors)
    {
        RefuseUnknown(query, [.. _ofFilter, .. _ofPage], errors);
        return new ConnectionQuery(
            FilterOf(query, errors),
            NumberOf(query, _ofPage[0], 0, 0, long.MaxValue, errors),
            (int)NumberOf(query, _ofPage[1], DefaultLimit, 1, MostLimit, errors));
    }

    /// <summary>Reads which connections are to end.</summary>
    /// <param name="query">The query of the request.</param>
    /// <param name="errors">What is wrong is added here; nothing named is wrong too.</param>
    internal static ConnectionFilter ReadEnd(IQueryCollection query, ValidationErrors errors)
    {
        RefuseUnknown(query, _ofFilter, errors);
        errors.Require(
            query.Count > 0, "connections", $"say which are to end, by {string.Join(", ", _ofFilter[..^1])} or {_ofFilter[^1]}");
        return FilterOf(query, errors);
    }

    private static ConnectionFilter FilterOf(IQueryCollection query, ValidationErrors errors)
    {
        string? phase = TextOf(query, Phase, errors);
        errors.Require(phase is null || _phases.ContainsKey(phase), Phase, $"must be one of {string.Join(", ", _phases.Keys)}");
        return new ConnectionFilter
        {
            Client = TextOf(query, Client, errors),
            Route = TextOf(query, Route, errors),
            Upstream = TextOf(query, Upstream, errors),
            Phase = phase is not null && _phases.TryGetValue(phase, out ConnectionPhase known) ? known : null,
        };
    }

    private static void RefuseUnknown(IQueryCollection query, string[] known, ValidationErrors errors)
    {
        foreach (string key in query.Keys.Except(known, StringComparer.OrdinalIgnoreCase))
        {
            errors.Refuse(Printable.Shorten(key), $"unknown; there are {string.Join(", ", known[..^1])} and {known[^1]}");
        }
    }

    private static string? TextOf(IQueryCollection query, string key, ValidationErrors errors)
    {
        StringValues given = query[key];
        errors.Require(given.Count == 0 || given is [{ Length: > 0 }], key, "must be given once, and not empty");
        return given is [{ Length: > 0 } text] ? text : null;
    }

    private static long NumberOf(IQueryCollection query, string key, long absent, long least, long most, ValidationErrors errors)
    {
        if (TextOf(query, key, errors) is not { } text)
        {
            return absent;
        }

        bool isGood = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= least && number <= most;
        errors.Require(isGood, key, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}"));
        return isGood ? number : absent;
    }
}
