namespace ProxyCore.Upstreams;

/// <summary>The load of an upstream: its connections and one more, for its weight.</summary>
internal static class Load
{
    /// <summary>Less than zero when <paramref name="one"/> would be less busy for its weight than <paramref name="other"/>.</summary>
    internal static int Compare(Upstream one, Upstream other) =>
        ((one.Connections + 1L) * other.Weight).CompareTo((other.Connections + 1L) * one.Weight);
}
