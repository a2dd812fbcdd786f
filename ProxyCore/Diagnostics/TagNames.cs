namespace ProxyCore.Diagnostics;

/// <summary>The tags that metrics and traces have in common, by one name in both.</summary>
internal static class TagNames
{
    internal const string Route = "proxycore.route";
    internal const string EndReason = "proxycore.end_reason";
}
