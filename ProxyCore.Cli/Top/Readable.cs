using System.Globalization;

namespace ProxyCore.Cli.Top;

/// <summary>Numbers for people: three digits and a unit, joined by a no-break space.</summary>
internal static class Readable
{
    private static readonly string[] _units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    internal static string Bytes(double bytes)
    {
        int unit = 0;
        while (bytes >= 999.5 && unit < _units.Length - 1)
        {
            bytes /= 1000;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Digits(bytes, isWhole: unit == 0)}\u00A0{_units[unit]}");
    }

    internal static string Rate(double perSecond) => string.Create(CultureInfo.InvariantCulture, $"{Digits(perSecond, isWhole: perSecond >= 100)}/s");

    internal static string Time(double seconds) => TimeSpan.FromSeconds(seconds) switch
    {
        { TotalSeconds: < 1 } time => string.Create(CultureInfo.InvariantCulture, $"{Digits(time.TotalMilliseconds, isWhole: false)}\u00A0ms"),
        { TotalMinutes: < 1 } time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0}\u00A0s"),
        { TotalHours: < 1 } time => $"{time.Minutes}\u00A0m\u00A0{time.Seconds}\u00A0s",
        { TotalDays: < 1 } time => $"{time.Hours}\u00A0h\u00A0{time.Minutes}\u00A0m",
        var time => $"{time.Days}\u00A0d\u00A0{time.Hours}\u00A0h",
    };

    internal static string Share(double part) => string.Create(CultureInfo.InvariantCulture, $"{part * 100:0}\u00A0%");

    private static string Digits(double value, bool isWhole) => value.ToString(
        isWhole || value >= 99.95 ? "0" : value >= 9.995 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
