namespace ProxyCore.Cli.Admin;

/// <summary>Asks a proxy for its routes by name.</summary>
internal static class RouteNames
{
    /// <summary>Whether a running proxy has a route with a name. Any thread.</summary>
    internal static bool HasRoute(this TcpProxy proxy, string name)
    {
        try
        {
            _ = proxy.GetToxics(name);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
