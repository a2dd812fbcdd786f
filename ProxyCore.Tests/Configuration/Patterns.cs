using System.Globalization;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Configuration;

/// <summary>Regular expressions for what a schema can bound in no other way: numbers in texts.</summary>
internal static class Patterns
{
    internal static string Durations(TimeLimits limits) => string.Join('|', new (string Name, TimeSpan Length)[]
    {
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
    }.Select(unit => Durations(limits, unit.Name, unit.Length)));

    internal static string Sizes(CountLimits limits) => string.Join('|', new (string Name, int Length)[]
    {
        ("", 1),
        ("[kK]", 1024),
        ("[mM]", 1024 * 1024),
    }.Select(unit => Between(Math.Max(1, limits.Least / unit.Length), limits.Most / unit.Length) + unit.Name));

    /// <summary>Whole numbers from <paramref name="least"/> to <paramref name="most"/>, with zeros ahead or without.</summary>
    internal static string Between(long least, long most) => $"0*({string.Join('|', Pieces(least, most))})";

    // Where whole steps are wanted of smaller units, each is so many units: as many zeros at the end.
    private static string Durations(TimeLimits limits, string name, TimeSpan unit)
    {
        TimeSpan length = limits.Step is { } step && step > unit ? step : unit;
        string zeros = string.Create(CultureInfo.InvariantCulture, $"{length / unit}")[1..];
        long least = (limits.Least.Ticks + length.Ticks - 1) / length.Ticks;
        return Between(least, limits.Most.Ticks / length.Ticks) + zeros + name;
    }

    // From the least upwards: all numbers of so many digits, while they fit, and then each time the largest run of
    // numbers that differ in one digit and in whatever follows it.
    private static IEnumerable<string> Pieces(long least, long most)
    {
        if (least == 0)
        {
            yield return "0";
            least = 1;
        }

        int digits = $"{most}".Length - 1;
        if ($"{least}" is ['1', .. var zeros] && zeros.Trim('0').Length == 0 && zeros.Length < digits)
        {
            yield return $"[1-9][0-9]{{{zeros.Length},{digits - 1}}}";
            least = long.Parse("1" + new string('0', digits), CultureInfo.InvariantCulture);
        }

        while (least <= most)
        {
            long size = 1;
            int free = 0;
            while (least % (size * 10) == 0 && least + (size * 10) - 1 <= most)
            {
                size *= 10;
                free++;
            }

            long digit = least / size % 10;
            long last = Math.Min(9, digit + ((most - least + 1) / size) - 1);
            string ahead = least / size >= 10 ? string.Create(CultureInfo.InvariantCulture, $"{least / size / 10}") : "";
            string one = digit == last ? $"{digit}" : $"[{digit}-{last}]";
            yield return ahead + one + (free == 0 ? "" : $"[0-9]{{{free}}}");
            least += (last - digit + 1) * size;
        }
    }
}
