using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary>One attribute of a type of toxic.</summary>
/// <param name="Name">As the API has it.</param>
/// <param name="Default">What it is when it is not given: a <see cref="long"/>, a <see cref="double"/> or a <see cref="ToxicEnd"/>.</param>
/// <param name="Least">The least that it may be.</param>
/// <param name="Most">The most that it may be.</param>
/// <param name="GoType">What toxiproxy's errors call its type.</param>
internal sealed record ToxicAttribute(string Name, object Default, long Least = 0, long Most = long.MaxValue, string GoType = "int64")
{
    private const string Reset = "reset";
    private const string Fin = "fin";

    /// <summary>A time. The library's longest is 365 days.</summary>
    internal static ToxicAttribute Milliseconds(string name) => new(name, 0L, Most: 365L * 24 * 60 * 60 * 1000);

    internal static ToxicAttribute Microseconds(string name) => Milliseconds(name) with { Most = 365L * 24 * 60 * 60 * 1000 * 1000, GoType = "int" };

    internal static ToxicAttribute Share(string name, double share) => new(name, share, Most: 1, GoType: "float64");

    /// <summary>How a connection ends.</summary>
    internal static ToxicAttribute End() => new("end", ToxicEnd.Reset, GoType: "string");

    /// <summary>Reads it; null stands for the value that it has.</summary>
    /// <exception cref="ApiException">It is of another type.</exception>
    internal object Read(JsonElement value, string goStruct, object present)
    {
        string field = $"{goStruct}.attributes.{Name}";
        return present switch
        {
            long whole => GoJson.Whole(value, field, GoType, whole),
            double share => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : (double)GoJson.Number(value, field, (float)share),
            _ => GoJson.Text(value, field, Write((ToxicEnd)present)) switch
            {
                Reset => ToxicEnd.Reset,
                Fin => ToxicEnd.Fin,
                _ => throw ApiException.BadAttribute($"{Name}: must be {Reset} or {Fin}"),
            },
        };
    }

    /// <exception cref="ApiException">It is out of its range.</exception>
    internal void Check(object value)
    {
        bool isGood = value switch
        {
            long whole => whole >= Least && whole <= Most,
            double share => share >= Least && share <= Most,
            _ => true,
        };
        if (!isGood)
        {
            string range = Most == long.MaxValue ? $"{Least} or more" : $"from {Least} to {Most}";
            throw ApiException.BadAttribute($"{Name}: must be {range}");
        }
    }

    internal void Append(StringBuilder json, object value)
    {
        json.AppendKey(Name);
        _ = value switch
        {
            long whole => json.Append(CultureInfo.InvariantCulture, $"{whole}"),
            double share => json.Append(CultureInfo.InvariantCulture, $"{(decimal)share}"),
            _ => json.AppendText(Write((ToxicEnd)value)),
        };
    }

    private static string Write(ToxicEnd end) => end == ToxicEnd.Reset ? Reset : Fin;
}
