using System.Globalization;
using ProxyCore.Diagnostics;
using ProxyCore.Hosting;
using ProxyCore.Settings;

namespace ProxyCore.Cli.Admin;

/// <summary>Reads the body of <c>PATCH /api/upstreams</c>.</summary>
internal static class UpstreamChangeReader
{
    /// <summary>What errors call the body as a whole.</summary>
    internal const string Whole = "upstream";

    internal const string Route = "route";
    internal const string Upstream = "upstream";
    internal const string State = "state";
    internal const string Weight = "weight";
    internal const string Maximum = "maximum";
    internal const string Cut = "cut";

    /// <summary>The change that a body asks for; null when something is wrong with it.</summary>
    /// <param name="body">The body.</param>
    /// <param name="errors">What is wrong is added here.</param>
    internal static UpstreamChange? Read(TreeNode body, ValidationErrors errors)
    {
        TreeNode? state = body.TryTake(State);
        TreeNode? weight = body.TryTake(Weight);
        TreeNode? maximum = body.TryTake(Maximum);
        var change = new UpstreamChange
        {
            Route = ReadRoute(body.TryTake(Route), errors),
            Upstream = ReadUpstream(body.TryTake(Upstream), errors),
            State = state is null ? null : ReadState(state, errors),
            Weight = ReadCount(weight, OptionLimits.Weight, errors),
            SetsWeight = weight is not null,
            MaxConnections = ReadCount(maximum, OptionLimits.AnyCount, errors),
            SetsMaxConnections = maximum is not null,
            EndConnections = ReadSwitch(body.TryTake(Cut), errors),
        };
        foreach (ConfigurationNode unknown in body.Children)
        {
            errors.Refuse(
                Printable.Shorten(unknown.Key), $"unknown member; there are {Route}, {Upstream}, {State}, {Weight}, {Maximum} and {Cut}");
        }

        if (!errors.Any && state is null && weight is null && maximum is null && !change.EndConnections)
        {
            errors.Refuse(Whole, $"there is nothing to change: set {State}, {Weight}, {Maximum} or {Cut}");
        }

        return errors.Any ? null : change;
    }

    /// <summary>How a state is written.</summary>
    internal static string NameOf(UpstreamAdministration state) => state.ToString().ToLowerInvariant();

    private static string? ReadRoute(TreeNode? node, ValidationErrors errors)
    {
        errors.Require(node is null || node.Kind == ConfigurationNodeKind.Text, Route, "must be a text, the name of a route");
        return node?.Value;
    }

    private static string ReadUpstream(TreeNode? node, ValidationErrors errors)
    {
        errors.Require(node?.Kind == ConfigurationNodeKind.Text, Upstream, "must be a text, the address of an upstream");
        return node?.Value ?? "";
    }

    /// <summary>The configuration has no state: what null gives back is that an upstream is ready.</summary>
    private static UpstreamAdministration ReadState(TreeNode node, ValidationErrors errors)
    {
        if (node.Kind == ConfigurationNodeKind.Null)
        {
            return UpstreamAdministration.Ready;
        }

        foreach (UpstreamAdministration one in Enum.GetValues<UpstreamAdministration>())
        {
            if (node.Kind == ConfigurationNodeKind.Text && NameOf(one).Equals(node.Value, StringComparison.OrdinalIgnoreCase))
            {
                return one;
            }
        }

        errors.Refuse(State, $"must be ready, drain, disabled or null, not {node.Description}");
        return default;
    }

    private static int? ReadCount(TreeNode? node, CountLimits limits, ValidationErrors errors)
    {
        if (node is null or { Kind: ConfigurationNodeKind.Null })
        {
            return null;
        }

        if (node.Kind == ConfigurationNodeKind.Number
            && int.TryParse(node.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int count)
            && limits.Allow(count))
        {
            return count;
        }

        errors.Refuse(node.Key, $"must be a whole number, {limits}, or null, not {node.Description}");
        return null;
    }

    private static bool ReadSwitch(TreeNode? node, ValidationErrors errors)
    {
        errors.Require(node is null || node.Kind == ConfigurationNodeKind.Switch, Cut, "must be true or false");
        return node?.Value == "true";
    }
}
