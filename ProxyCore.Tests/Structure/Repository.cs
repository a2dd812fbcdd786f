namespace ProxyCore.Tests.Structure;

/// <summary>The sources beside which the tests were built.</summary>
internal static class Repository
{
    /// <summary>The folder of it all.</summary>
    internal static string Root { get; } = FindRoot();

    /// <summary>The folder of the library's project.</summary>
    internal static string Library { get; } = Path.Combine(Root, "ProxyCore");

    /// <summary>The folder of the command's project.</summary>
    internal static string Command { get; } = Path.Combine(Root, "ProxyCore.Cli");

    /// <summary>The folder of the pages.</summary>
    internal static string Pages { get; } = Path.Combine(Root, "docs");

    private static string FindRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "ProxyCore.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new DirectoryNotFoundException("ProxyCore.sln is in no folder above the tests.");
    }
}
