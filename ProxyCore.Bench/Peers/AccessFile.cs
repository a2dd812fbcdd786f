namespace ProxyCore.Bench.Peers;

/// <summary>A list of clients that are denied, in a form that all proxies read.</summary>
internal static class AccessFile
{
    private const int Ranges = 1000;

    /// <summary>Writes it into <paramref name="folder"/>; returns its path. No client of the load is in it.</summary>
    internal static string Write(string folder)
    {
        string file = Path.Combine(folder, "denied.txt");
        File.WriteAllLines(file, Enumerable.Range(0, Ranges).Select(static number => $"10.{number / 250}.{number % 250}.0/24"));
        return file;
    }
}
