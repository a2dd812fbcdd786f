using System.Text.Json;

namespace ProxyCore.Bench.Calls;

/// <summary>The system calls of one proxy under one load.</summary>
/// <param name="Contender">The proxy's name.</param>
/// <param name="Unit">What they are divided by: see <see cref="CountedLoad.Unit"/>.</param>
/// <param name="Calls">How many of each name there are a unit.</param>
internal sealed record CallCount(string Contender, string Unit, IReadOnlyDictionary<string, double> Calls)
{
    private const string DataFile = "calls.json";

    internal double Total => Calls.Values.Sum();

    internal double Of(string call) => Calls.GetValueOrDefault(call);

    /// <summary>What was counted last, of what is kept in <paramref name="folder"/>; null when nothing is.</summary>
    internal static IReadOnlyList<CallCount>? Load(string folder)
    {
        string file = Path.Combine(folder, DataFile);
        return File.Exists(file) ? JsonSerializer.Deserialize<CallCount[]>(File.ReadAllText(file)) : null;
    }

    internal static void Save(string folder, IReadOnlyList<CallCount> counts)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, DataFile), JsonSerializer.Serialize(counts) + "\n");
    }
}
