namespace ProxyCore.Diagnostics;

/// <summary>The names of tags that several metrics, or metrics and traces, have in common.</summary>
internal static class TagNames
{
    internal const string Proxy = "proxycore.proxy";
    internal const string Route = "proxycore.route";
    internal const string EndReason = "proxycore.end_reason";
}
