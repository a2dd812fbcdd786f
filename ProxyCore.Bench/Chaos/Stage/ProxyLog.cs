namespace ProxyCore.Bench.Chaos.Stage;

/// <summary>What the proxy writes to its standard output: kept in a file, and counted by what the run waits for. Thread-safe.</summary>
internal sealed class ProxyLog : IDisposable
{
    internal const string Reading = "Reading ";
    internal const string Applied = "Configuration applied";
    internal const string Refused = "Nothing is changed";
    internal const string Listening = "Server listening";
    internal const string Stopped = "Server stopped";

    private const string AdminPage = "Admin page on ";

    private static readonly string[] _counted = [Reading, Applied, Refused, Listening, Stopped, "[ERROR]", "[CRITICAL]", "[FATAL]"];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _counts = _counted.ToDictionary(static one => one, static _ => 0L);
    private readonly StreamWriter _file;

    internal ProxyLog(string path) => _file = new StreamWriter(path, append: true) { AutoFlush = true };

    /// <summary>Where the admin page is, once it was told.</summary>
    internal string? AdminUrl { get; private set; }

    internal long Count(string text)
    {
        lock (_lock)
        {
            return _counts[text];
        }
    }

    internal void Hear(string line)
    {
        lock (_lock)
        {
            _file.WriteLine($"{DateTime.UtcNow:HH:mm:ss.fff} {line}");
            foreach (string text in _counted.Where(text => line.Contains(text, StringComparison.Ordinal)))
            {
                _counts[text]++;
            }

            int url = line.IndexOf(AdminPage, StringComparison.Ordinal);
            AdminUrl = url < 0 ? AdminUrl : line[(url + AdminPage.Length)..].Trim();
        }
    }

    /// <summary>Waits until <paramref name="text"/> was written more than <paramref name="before"/> times.</summary>
    internal async Task<bool> HasMoreAsync(string text, long before, TimeSpan bound)
    {
        for (long deadline = Environment.TickCount64 + (long)bound.TotalMilliseconds; Count(text) <= before;)
        {
            if (Environment.TickCount64 > deadline)
            {
                return false;
            }

            await Task.Delay(20);
        }

        return true;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _file.Dispose();
        }
    }
}
