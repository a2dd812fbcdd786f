using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ProxyCore.Settings;

namespace ProxyCore.Sharing;

/// <summary>What a record is about: a denied range, or one setting of an upstream. Immutable.</summary>
/// <remarks>
/// In a store it is text, as <c>deny/10.0.0.0/8</c> or <c>upstream/web/10.0.0.2%3A80/state</c>. Each setting of an upstream is a
/// record of its own, so that a drain on one machine and a weight on another do not undo each other.
/// </remarks>
internal sealed record SharedKey
{
    /// <summary>The longest text of a key.</summary>
    internal const int MostCharacters = 4096;

    /// <summary>The value of a denied range whose connections live on.</summary>
    internal const string Keep = "keep";

    /// <summary>The value of one whose connections end; behind a state, that the connections of its upstream end.</summary>
    internal const string End = "end";

    private const string Deny = "deny";
    private const string Upstream = "upstream";
    private const string State = "state";
    private const string Weight = "weight";
    private const string Maximum = "maximum";

    private SharedKey(string text) => Text = text;

    /// <summary>The key as it is in a store.</summary>
    internal string Text { get; }

    /// <summary>The range that is denied; null when it is about an upstream.</summary>
    internal AddressRange? Range { get; private init; }

    private string Route { get; init; } = "";

    private string Address { get; init; } = "";

    private string Setting { get; init; } = "";

    internal static SharedKey OfDeny(AddressRange range) => new($"{Deny}/{range}") { Range = range };

    /// <summary>What a change of an upstream sets, each with its value; null for what it gives back to the configuration.</summary>
    internal static IEnumerable<(SharedKey Key, string? Value)> OfChange(string route, UpstreamChange change)
    {
        if (change.State is { } state)
        {
            string end = change.EndConnections ? $" {End}" : "";
            yield return (OfUpstream(route, change.Upstream, State), state == UpstreamAdministration.Ready ? null : state + end);
        }

        if (change.SetsWeight)
        {
            yield return (OfUpstream(route, change.Upstream, Weight), change.Weight?.ToString(CultureInfo.InvariantCulture));
        }

        if (change.SetsMaxConnections)
        {
            yield return (OfUpstream(route, change.Upstream, Maximum), change.MaxConnections?.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Reads a key; false when it is none of these, as one of a later version.</summary>
    internal static bool TryParse(string text, [NotNullWhen(true)] out SharedKey? key)
    {
        key = null;
        if (text.Length > MostCharacters)
        {
            return false;
        }

        if (text.StartsWith($"{Deny}/", StringComparison.Ordinal))
        {
            key = AddressRange.TryParse(text.AsSpan(Deny.Length + 1), out AddressRange range, out _) ? OfDeny(range) : null;
        }
        else if (text.Split('/') is [Upstream, var route, var address, (State or Weight or Maximum) and var setting])
        {
            key = OfUpstream(Uri.UnescapeDataString(route), Uri.UnescapeDataString(address), setting);
        }

        // Two texts of one key would be two records of one thing.
        return key?.Text == text;
    }

    /// <summary>The change of an upstream that a value of this key is; null when the value is none.</summary>
    internal UpstreamChange? ToChange(string? value) => Setting switch
    {
        State when TryReadState(value, out UpstreamAdministration state, out bool ends) =>
            new() { Route = Route, Upstream = Address, State = state, EndConnections = ends },
        Weight when TryReadCount(value, OptionLimits.Weight, out int? weight) => new() { Route = Route, Upstream = Address, Weight = weight },
        Maximum when TryReadCount(value, OptionLimits.AnyCount, out int? maximum) => new() { Route = Route, Upstream = Address, MaxConnections = maximum },
        _ => null,
    };

    /// <summary>Whether a record of this key may have a value, and an end: what is denied has one, what is set of an upstream has none.</summary>
    internal bool Allows(string? value, bool hasEnd) => Range is null
        ? ToChange(value) is not null && (value is null || !hasEnd)
        : hasEnd && (value is null or Keep or End);

    public override string ToString() => Text;

    private static SharedKey OfUpstream(string route, string address, string setting) =>
        new($"{Upstream}/{Uri.EscapeDataString(route)}/{Uri.EscapeDataString(address)}/{setting}") { Route = route, Address = address, Setting = setting };

    private static bool TryReadState(string? value, out UpstreamAdministration state, out bool ends)
    {
        ends = value?.EndsWith($" {End}", StringComparison.Ordinal) == true;
        string? name = ends ? value![..^(End.Length + 1)] : value;
        state = default;
        foreach (UpstreamAdministration one in Enum.GetValues<UpstreamAdministration>())
        {
            if (one.ToString() == name)
            {
                state = one;
                return one != UpstreamAdministration.Ready;
            }
        }

        return name is null;
    }

    private static bool TryReadCount(string? value, CountLimits limits, out int? count)
    {
        bool isCount = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && limits.Allow(number);
        count = isCount ? number : null;
        return isCount || value is null;
    }
}
