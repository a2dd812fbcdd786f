using System.Globalization;
using ProxyCore.Settings;

namespace ProxyCore.Hosting;

/// <summary>One kind of value in a configuration: how it is read, and how it is written.</summary>
/// <param name="Name">What the schema goes by.</param>
/// <param name="Parse">Reads it; throws a <see cref="FormatException"/> that says what is wrong.</param>
/// <param name="Format">Writes it as one would; null for none.</param>
internal sealed record ValueKind<T>(string Name, Func<string, T> Parse, Func<T, string?> Format)
{
    /// <summary>Whether it is written as a string in JSON, and neither as a number nor as a boolean.</summary>
    internal bool IsText { get; init; }

    /// <summary>What values are allowed, if not all that can be read.</summary>
    internal Limits? Limits { get; private init; }

    /// <summary>The names that are allowed, if it is one of several.</summary>
    internal IReadOnlyList<string>? Choices { get; init; }

    internal ValueKind<T> Within(Limits limits) => this with { Limits = limits };
}

/// <summary>The kinds of values that there are.</summary>
internal static class ValueKinds
{
    /// <summary>What stands for null where the default is something else.</summary>
    internal const string Off = "off";

    private const string Dash = "-";
    private const string Choice = "choice";

    /// <summary>The name of a balancing policy; which ones there are is checked with the options.</summary>
    internal static ValueKind<string> Balancing { get; } = new("balancing", static text => text, static text => text);

    /// <summary>A text whose characters each stand for a byte.</summary>
    internal static ValueKind<string> Bytes { get; } = new("bytes", static text => text, static text => text) { IsText = true };

    internal static ValueKind<string?> OptionalText { get; } = new("text", static text => text, static text => text) { IsText = true };

    /// <summary>What names begin with: not empty, and without spaces. It is checked with the options.</summary>
    internal static ValueKind<string> Prefix { get; } = new("prefix", static text => text, static text => text) { IsText = true };

    /// <summary>An endpoint to listen on; a port may be written as a number. It is checked with the options.</summary>
    internal static ValueKind<string> ListenEndpoint { get; } = new("listen endpoint", static text => text, static text => Name(text));

    /// <summary>The same as the short form of an object.</summary>
    internal static ValueKind<ListenOptions> ListenText { get; } =
        new(ListenEndpoint.Name, static text => new ListenOptions(text), static listen => listen.Address);

    /// <summary>An endpoint to connect to; a port may be written as a number. It is checked with the options.</summary>
    internal static ValueKind<string> UpstreamEndpoint { get; } = ListenEndpoint with { Name = "upstream endpoint" };

    /// <summary>The same of one server, which no source finds.</summary>
    internal static ValueKind<string> ServerEndpoint { get; } = ListenEndpoint with { Name = "server endpoint" };

    /// <summary>A file, or <c>-</c> for what null stands for.</summary>
    internal static ValueKind<string?> FileOrDash { get; } =
        new("path", static text => text == Dash ? null : text, static text => text) { IsText = true };

    /// <summary>A file. It is checked with the options.</summary>
    internal static ValueKind<string> File { get; } = new("file", static text => text, static text => Name(text)) { IsText = true };

    /// <summary>A file, or none.</summary>
    internal static ValueKind<string?> OptionalFile { get; } = OptionalText with { Name = File.Name };

    /// <summary>An address or a CIDR. It is checked with the options.</summary>
    internal static ValueKind<string> AddressRange { get; } =
        new("address range", static text => text, static text => text) { IsText = true };

    /// <summary>A sender of PROXY headers: an address, a CIDR, or unix. It is checked with the options.</summary>
    internal static ValueKind<string> Sender { get; } = AddressRange with { Name = "sender" };

    /// <summary>A server of the DNS: an IP address, and perhaps a port. It is checked with the options.</summary>
    internal static ValueKind<string> DnsServer { get; } = AddressRange with { Name = "dns server" };

    /// <summary>A server name or a wildcard. It is checked with the options.</summary>
    internal static ValueKind<string> ServerName { get; } = AddressRange with { Name = "server name" };

    /// <summary>An application protocol of TLS. It is checked with the options.</summary>
    internal static ValueKind<string> ApplicationProtocol { get; } = AddressRange with { Name = "application protocol" };

    /// <summary>The name of a server, without wildcards. It is checked with the options.</summary>
    internal static ValueKind<string?> OptionalHostName { get; } = OptionalText with { Name = "host name" };

    internal static ValueKind<ClientCertificateMode> ClientCertificates { get; } = OneOf<ClientCertificateMode>();

    internal static ValueKind<ClientCertificateMode?> OptionalClientCertificates { get; } = Optional(ClientCertificates);

    /// <summary>A version of TLS, as a text: a number would lose its zeros.</summary>
    internal static ValueKind<TlsVersion> OldestTls { get; } =
        OneOf(Enum.GetValues<TlsVersion>(), static version => version == TlsVersion.Tls12 ? "1.2" : "1.3") with { IsText = true };

    internal static ValueKind<ClientHashKey> ClientHashKey { get; } = OneOf<ClientHashKey>();

    internal static ValueKind<LifetimeAction> LifetimeAction { get; } = OneOf<LifetimeAction>();

    internal static ValueKind<TruncationAction> TruncationAction { get; } = OneOf<TruncationAction>();

    internal static ValueKind<UnknownNameAction> UnknownNameAction { get; } = OneOf<UnknownNameAction>();

    internal static ValueKind<RouteTlsMode> RouteTlsMode { get; } = OneOf<RouteTlsMode>();

    internal static ValueKind<StartTlsMode> StartTlsMode { get; } = OneOf<StartTlsMode>();

    internal static ValueKind<TlsEngineKind> TlsEngine { get; } = OneOf<TlsEngineKind>();

    internal static ValueKind<AccessLogFormat> LineFormat { get; } = OneOf<AccessLogFormat>();

    internal static ValueKind<NoRouteAction> NoRouteAction { get; } = OneOf<NoRouteAction>();

    internal static ValueKind<ProxyTlvs> ProxyTlv { get; } = OneOf(Enum.GetValues<ProxyTlvs>()[1..]);

    internal static ValueKind<ProxyProtocolVersion?> ProxyProtocolVersion { get; } = Optional(OneOf<ProxyProtocolVersion>());

    internal static ValueKind<LimitAction> ExceededAction { get; } = OneOf<LimitAction>();

    internal static ValueKind<ConnectionRate?> OptionalRate { get; } = new ValueKind<ConnectionRate?>(
        "rate", static text => ConnectionRate.Parse(text), static rate => rate?.ToString())
    { IsText = true }.Within(OptionLimits.RateOfConnections);

    internal static ValueKind<int> Whole { get; } = new("whole", ParseWhole, static number => Format(number));

    internal static ValueKind<int?> OptionalWhole { get; } =
        new("whole", static text => ParseWhole(text), static number => number is { } one ? Format(one) : null);

    internal static ValueKind<bool> Switch { get; } = new("switch", ParseSwitch, static isOn => isOn ? "true" : "false");

    internal static ValueKind<int> Size { get; } = SizeWithin(OptionLimits.BufferSize);

    /// <summary>Bytes a second, or bytes of a burst.</summary>
    internal static ValueKind<long?> Bandwidth { get; } = new ValueKind<long?>(
        Size.Name,
        static text => ByteSizes.Parse(text, OptionLimits.Bandwidth),
        static bytes => bytes?.ToString(CultureInfo.InvariantCulture)).Within(OptionLimits.Bandwidth);

    /// <summary>Bytes a second; none too.</summary>
    internal static ValueKind<long> SmallRate { get; } = new ValueKind<long>(
        Size.Name,
        static text => ByteSizes.Parse(text, OptionLimits.ToxicBandwidth),
        static bytes => bytes.ToString(CultureInfo.InvariantCulture)).Within(OptionLimits.ToxicBandwidth);

    internal static ValueKind<BandwidthScope> BandwidthScope { get; } = OneOf<BandwidthScope>();

    internal static ValueKind<long?> OptionalLargeSize { get; } = new ValueKind<long?>(
        "large size",
        static text => ByteSizes.ParseLarge(text),
        static bytes => bytes?.ToString(CultureInfo.InvariantCulture)).Within(OptionLimits.MaxPendingBytes);

    internal static ValueKind<long> LargeSize { get; } = new ValueKind<long>(
        OptionalLargeSize.Name,
        static text => ByteSizes.ParseLarge(text),
        static bytes => bytes.ToString(CultureInfo.InvariantCulture)).Within(OptionLimits.MaxPendingBytes);

    /// <summary>A number from 0 to 1.</summary>
    internal static ValueKind<double> Share { get; } = new ValueKind<double>(
        "share", ParseShare, static share => share.ToString(CultureInfo.InvariantCulture)).Within(OptionLimits.Share);

    internal static ValueKind<double?> OptionalShare { get; } = new ValueKind<double?>(
        Share.Name, static text => ParseShare(text), static share => share?.ToString(CultureInfo.InvariantCulture)).Within(OptionLimits.Share);

    /// <summary>Any whole number of 64 bits, or none.</summary>
    internal static ValueKind<long?> Seed { get; } =
        new("seed", static text => ParseSeed(text), static seed => seed?.ToString(CultureInfo.InvariantCulture));

    internal static ValueKind<ToxicDirection> ToxicDirection { get; } =
        OneOf(Enum.GetValues<ToxicDirection>(), static one => one == default ? "downstream" : "upstream");

    internal static ValueKind<ToxicScope> ToxicScope { get; } = OneOf<ToxicScope>();

    internal static ValueKind<ToxicEnd> ToxicEnd { get; } = OneOf<ToxicEnd>();

    internal static ValueKind<TimeSpan> Duration { get; } = new("duration", Durations.Parse, Durations.Format);

    internal static ValueKind<TimeSpan?> OptionalDuration { get; } =
        new(Duration.Name, static text => Durations.Parse(text), static time => time is { } one ? Durations.Format(one) : null);

    internal static ValueKind<TimeSpan?> DurationOrOff { get; } = new(
        "duration or off",
        static text => text.Equals(Off, StringComparison.OrdinalIgnoreCase) ? null : Durations.Parse(text),
        static time => time is { } one ? Durations.Format(one) : Off);

    /// <summary>The type of a TLV, as in 0xE0 or 224.</summary>
    internal static ValueKind<byte?> OptionalTlvType { get; } =
        new("TLV type", static text => ParseTlvType(text), static type => type is { } one ? $"0x{one:X2}" : null);

    private static byte ParseTlvType(string text)
    {
        bool isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return byte.TryParse(isHex ? text.AsSpan(2) : text, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out byte type)
            ? type
            : throw new FormatException($"'{text}' is no type of a TLV: write 0x00 to 0xFF");
    }

    private static int ParseWhole(string text) =>
        !text.StartsWith('+') && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new FormatException($"'{text}' is no whole number");

    private static long ParseSeed(string text) =>
        !text.StartsWith('+') && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new FormatException($"'{text}' is no whole number of 64 bits");

    // The ends keep out what only .NET takes for numbers: NaN, .5 and 1.
    private static double ParseShare(string text) =>
        text.Length > 0 && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[^1])
        && double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double share)
            ? share
            : throw new FormatException($"'{text}' is no share: write a number from 0 to 1, as in 0.5");

    private static bool ParseSwitch(string text) =>
        text.Equals("true", StringComparison.OrdinalIgnoreCase)
        || (text.Equals("false", StringComparison.OrdinalIgnoreCase)
            ? false
            : throw new FormatException($"'{text}' is neither true nor false"));

    /// <summary>A number of bytes, as in 65536, 64k or 1m.</summary>
    internal static ValueKind<int> SizeWithin(CountLimits limits) =>
        new ValueKind<int>("size", text => ByteSizes.Parse(text, limits), ByteSizes.Format).Within(limits);

    /// <summary>One of the names of an enumeration, in any case; numbers are not allowed.</summary>
    private static ValueKind<T> OneOf<T>(params T[] values)
        where T : struct, Enum =>
        OneOf(values.Length > 0 ? values : Enum.GetValues<T>(), static value => value.ToString());

    private static ValueKind<T> OneOf<T>(T[] all, Func<T, string> nameOf)
        where T : struct, Enum
    {
        string[] names = [.. all.Select(nameOf)];
        return new ValueKind<T>(Choice, text => Parse(text), nameOf) { Choices = names };

        T Parse(string text)
        {
            int index = Array.FindIndex(names, name => text.Equals(name, StringComparison.OrdinalIgnoreCase));
            return index >= 0 ? all[index] : throw new FormatException($"'{text}' is not one of {string.Join(", ", names)}");
        }
    }

    private static ValueKind<T?> Optional<T>(ValueKind<T> kind)
        where T : struct =>
        new(kind.Name, text => kind.Parse(text), value => value is { } one ? kind.Format(one) : null) { Choices = kind.Choices };

    private static string? Name(string text) => text.Length > 0 ? text : null;

    private static string Format(int number) => number.ToString(CultureInfo.InvariantCulture);
}
