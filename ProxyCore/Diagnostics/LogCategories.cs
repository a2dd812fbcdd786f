namespace ProxyCore.Diagnostics;

/// <summary>The log categories of a proxy; those of a named one end with its name.</summary>
internal static class LogCategories
{
    private const string Proxy = "ProxyCore";

    internal static string Of(string? proxy) => proxy is null ? Proxy : $"{Proxy}[{proxy}]";

    internal static string AccessOf(string? proxy) => proxy is null ? AccessLogLogger.Category : $"{AccessLogLogger.Category}[{proxy}]";
}
