using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ProxyCore;

/// <summary>How many connections may come in a second, a minute or an hour: <c>10/s</c>, <c>600/m</c>, <c>1000/h</c>.</summary>
/// <remarks>Immutable. The default value is no rate: options refuse it.</remarks>
public readonly record struct ConnectionRate
{
    /// <summary>The highest <see cref="Count"/>.</summary>
    public const int MaxCount = 1_000_000;

    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    private ConnectionRate(int count, TimeSpan per)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount);
        Count = count;
        Per = per;
    }

    /// <summary>How many connections may come in <see cref="Per"/>; from 1 to <see cref="MaxCount"/>.</summary>
    public int Count { get; }

    /// <summary>The time for <see cref="Count"/> connections: a second, a minute or an hour.</summary>
    public TimeSpan Per { get; }

    /// <summary>So many connections a second.</summary>
    /// <param name="count">How many; from 1 to <see cref="MaxCount"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is out of range.</exception>
    public static ConnectionRate PerSecond(int count) => new(count, _second);

    /// <summary>So many connections a minute.</summary>
    /// <param name="count">How many; from 1 to <see cref="MaxCount"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is out of range.</exception>
    public static ConnectionRate PerMinute(int count) => new(count, _minute);

    /// <summary>So many connections an hour.</summary>
    /// <param name="count">How many; from 1 to <see cref="MaxCount"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is out of range.</exception>
    public static ConnectionRate PerHour(int count) => new(count, _hour);

    /// <summary>Reads a rate, as <see cref="ToString"/> writes it.</summary>
    /// <param name="text">The text, such as <c>10/s</c>.</param>
    /// <exception cref="FormatException">The text is no rate; the message says what one looks like.</exception>
    public static ConnectionRate Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out ConnectionRate rate)
            ? rate
            : throw new FormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"'{text}' is not a rate: write a whole number from 1 to {MaxCount} with /s, /m or /h, such as 10/s or 600/m"));
    }

    /// <summary>Reads a rate; false when the text is none.</summary>
    /// <param name="text">The text, such as <c>10/s</c>.</param>
    /// <param name="rate">The rate, or the default.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out ConnectionRate rate)
    {
        rate = default;
        if (text is not [.. { Length: > 0 } number, '/', 's' or 'm' or 'h']
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            || count is < 1 or > MaxCount)
        {
            return false;
        }

        rate = new ConnectionRate(count, text[^1] switch { 's' => _second, 'm' => _minute, _ => _hour });
        return true;
    }

    /// <summary>The rate as text, such as <c>10/s</c>, <c>600/m</c> or <c>1000/h</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Count}/{(Per == _hour ? 'h' : Per == _minute ? 'm' : 's')}");
}
