using System.Reflection;

namespace ProxyCore.Cli;

/// <summary>The name and version that the command reports.</summary>
internal static class Product
{
    internal const string Name = "proxycore";

    /// <summary>As it was released: without the commit that it was built from.</summary>
    internal static string Version { get; } = typeof(Product).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
