namespace ProxyCore.Upstreams;

/// <summary>How busy an upstream would be with one connection more.</summary>
internal static class Load
{
    /// <summary>Less than zero when <paramref name="one"/> would be less busy for its weight than <paramref name="other"/>.</summary>
    internal static int Compare(Upstream one, Upstream other) =>
        ((one.Connections + 1L) * other.Weight).CompareTo((other.Connections + 1L) * one.Weight);
}
