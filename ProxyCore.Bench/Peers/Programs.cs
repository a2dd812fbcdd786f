namespace ProxyCore.Bench.Peers;

/// <summary>Programs of this machine.</summary>
internal static class Programs
{
    // Debian keeps servers where a user's PATH does not look.
    private static readonly string[] _moreFolders = ["/usr/sbin", "/usr/local/sbin", "/sbin"];

    /// <summary>The path of <paramref name="name"/>, or null when it is not installed.</summary>
    internal static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(_moreFolders)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}
