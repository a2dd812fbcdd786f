using System.Text.Json;
using ProxyCore.Bench.Comparing;

namespace ProxyCore.Bench.Reporting;

/// <summary>Everything that was measured last, kept as JSON beside the page that is made from it.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Measurements">What.</param>
internal sealed record Results(string Machine, IReadOnlyList<Measurement> Measurements)
{
    private const string File = "results.json";

    private static readonly JsonSerializerOptions _json = new() { WriteIndented = false };

    internal static Results Load(string folder)
    {
        string file = Path.Combine(folder, File);
        return System.IO.File.Exists(file)
            ? JsonSerializer.Deserialize<Results>(System.IO.File.ReadAllText(file), _json)!
            : new Results("", []);
    }

    /// <summary>These, and what was measured before in other scenarios.</summary>
    internal Results Over(Results earlier)
    {
        HashSet<string> scenarios = [.. Measurements.Select(static one => one.Scenario)];
        return this with { Measurements = [.. earlier.Measurements.Where(one => !scenarios.Contains(one.Scenario)), .. Measurements] };
    }

    internal void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        System.IO.File.WriteAllText(Path.Combine(folder, File), JsonSerializer.Serialize(this, _json) + "\n");
    }
}
