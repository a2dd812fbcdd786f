using System.Globalization;
using ProxyCore.Cli.Admin;

namespace ProxyCore.Cli.Remote;

/// <summary>An upstream in one line of text.</summary>
internal static class UpstreamLine
{
    internal static string Of(string route, UpstreamView upstream)
    {
        string weight = Format(upstream.Weight) + (upstream.ConfiguredWeight is { } configured ? $" by hand ({Format(configured)} configured)" : "");
        string maximum = upstream.MaxConnections is { } most
            ? $"maximum {Format(most)}{(upstream.HasMaximumByHand ? " by hand" : "")}"
            : "no maximum";
        string connections = $"{Format(upstream.Connections)} {(upstream.Connections == 1 ? "connection" : "connections")}";
        return $"{upstream.Address} of route {route}: {InWords(upstream.Administration)}, {upstream.State}, weight {weight}, {maximum}, {connections}";
    }

    /// <summary>An administration as a word beside others.</summary>
    internal static string InWords(string administration) =>
        administration == nameof(UpstreamAdministration.Drain) ? "drained" : administration.ToLowerInvariant();

    private static string Format(int number) => number.ToString(CultureInfo.InvariantCulture);
}
