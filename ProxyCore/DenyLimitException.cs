using System.Globalization;

namespace ProxyCore;

/// <summary>As many addresses are denied as may be: <see cref="TcpProxyOptions.MaxDenied"/>.</summary>
/// <param name="limit">How many that are.</param>
public sealed class DenyLimitException(int limit)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"{limit} addresses and ranges are denied already, and no more may be: {nameof(TcpProxyOptions.MaxDenied)}"))
{
    /// <summary>How many addresses and ranges may be denied at a time.</summary>
    public int Limit => limit;
}
