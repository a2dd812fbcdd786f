using System.Globalization;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Configuration;

/// <summary>Regular expressions for what a schema can bound in no other way: numbers in texts.</summary>
internal static class Patterns
{
    private const string Octet = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private const string Label = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
    private const string IPv4 = $@"({Octet}\.){{3}}{Octet}";
    private const string IPv6 = @"\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(%[^\[\]]+)?\]";

    // A name whose last part is a number would be an address that is none.
    private const string Name = $@"(?=[^:]{{1,253}}:)(?!([^:]*\.)?[0-9]+\.?:){Label}(\.{Label})*\.?";

    // The longest path of Linux; what it counts are bytes.
    private const string UnixSocket = @"[uU][nN][iI][xX]:[^@\u0000][^\u0000]{0,106}";

    private const string Time = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]";

    private const string SrvNames = @"(?![0-9]{1,3}(\.[0-9]{1,3}){3}\.?$)[A-Za-z0-9_\-]{1,63}(\.[A-Za-z0-9_\-]{1,63})*\.?";

    private static readonly string[] _sizeUnits = ["", "[kK]", "[mM]", "[gG]"];

    /// <summary>Endpoints to listen on.</summary>
    internal static string ListenEndpoints { get; } = $@"(({AnyCase("localhost")}|\*|{IPv4}|{IPv6}):)?{Between(0, ushort.MaxValue)}|{UnixSocket}";

    /// <summary>Addresses and CIDRs.</summary>
    internal static string AddressRanges { get; } =
        $"{IPv4}(/(3[0-2]|[12]?[0-9]))?|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))?";

    /// <summary>Endpoints of servers to connect to.</summary>
    internal static string ServerEndpoints { get; } = $"(({IPv4}|{IPv6}|{Name}):)?{Between(1, ushort.MaxValue)}|{UnixSocket}";

    /// <summary>The same, and names that a source looks up.</summary>
    internal static string UpstreamEndpoints { get; } = $"{ServerEndpoints}|[sS][rR][vV]:(?=[^:]{{1,254}}$){SrvNames}";

    /// <summary>Servers of the DNS.</summary>
    internal static string DnsServers { get; } =
        $"{IPv4}(:{Between(1, ushort.MaxValue)})?|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*|{IPv6}:{Between(1, ushort.MaxValue)}";

    /// <summary>Types of TLVs.</summary>
    internal static string TlvTypes { get; } = $"0[xX]0*[0-9A-Fa-f]{{1,2}}|{Between(0, byte.MaxValue)}";

    internal static string Durations(TimeLimits limits) => string.Join('|', new (string Name, TimeSpan Length)[]
    {
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
    }.Select(unit => Durations(limits, unit.Name, unit.Length)).Append(DotnetDurations(limits)));

    internal static string Wholes(CountLimits limits) => (limits.Least == 0 ? "-0+|" : "") + Between(limits.Least, limits.Most);

    internal static string LargeSizes(SizeLimits limits) =>
        "0*(" + string.Join('|', _sizeUnits.Select((unit, index) => $"[0-9]{{1,{limits.Digits - (3 * index)}}}{unit}")) + ")";

    internal static string Rates(RateLimits limits) => Between(1, limits.MostCount) + "/[smh]";

    /// <summary>One of some names, in any case.</summary>
    internal static string AnyCase(params IReadOnlyList<string> names) => string.Join('|', names.Select(static name => string.Concat(name.Select(
        static one => char.IsAsciiLetter(one) ? $"[{char.ToLowerInvariant(one)}{char.ToUpperInvariant(one)}]" : $"[{one}]"))));

    internal static string Sizes(CountLimits limits) => string.Join('|', new (string Name, int Length)[]
    {
        ("", 1),
        ("[kK]", 1024),
        ("[mM]", 1024 * 1024),
    }.Select(unit => Between(Math.Max(Math.Min(1, limits.Least), limits.Least / unit.Length), limits.Most / unit.Length) + unit.Name));

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

    /// <summary>Times as .NET writes them, as in 00:00:05 or 1.02:03:04.5.</summary>
    private static string DotnetDurations(TimeLimits limits)
    {
        string fraction = limits.Step is null ? @"(\.[0-9]{1,7})?" : @"(\.0{1,7})?";
        string upToMost = limits.Most.Days > 0
            ? $@"(0{{0,5}}({string.Join('|', Pieces(0, limits.Most.Days - 1))})\.)?{Time}{fraction}|0{{0,5}}{limits.Most.Days}\.00:00:00(\.0{{1,7}})?"
            : $@"(0{{1,8}}\.)?({UpTo(limits.Most)}){fraction}";
        string tooLittle = limits.Least switch
        {
            { Ticks: 0 } => "",
            { Ticks: 1 } => @"(?!(0+\.)?00:00:00(\.0+)?$)",
            { Ticks: TimeSpan.TicksPerMillisecond } => @"(?!(0+\.)?00:00:00(\.(0|00|000[0-9]*))?$)",
            { Ticks: TimeSpan.TicksPerSecond } => @"(?!(0+\.)?00:00:00(\.[0-9]+)?$)",
            _ => throw new NotSupportedException($"{limits.Least}"),
        };
        return $"{tooLittle}({upToMost})";
    }

    private static string UpTo(TimeSpan most) =>
        $"({Two(0, most.Hours - 1)}):[0-5][0-9]:[0-5][0-9]|{most.Hours:00}:({Two(0, most.Minutes - 1)}):[0-5][0-9]|{most.Hours:00}:{most.Minutes:00}:({Two(0, most.Seconds)})";

    private static string Two(int least, int most) =>
        string.Join('|', Enumerable.Range(least, most - least + 1).Select(static number => $"{number:00}"));

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

    /// <summary>Letters beyond ASCII are let through: which of them can be converted is more than a pattern can say.</summary>
    internal static string ServerNames => @"(\*\.)?" + HostNames;

    /// <summary>The same without wildcards.</summary>
    internal static string HostNames => @"(?![0-9]{1,3}(\.[0-9]{1,3}){3}\.?$)([A-Za-z0-9_\-]|\p{L}){1,63}(\.([A-Za-z0-9_\-]|\p{L}){1,63})*\.?";
}
