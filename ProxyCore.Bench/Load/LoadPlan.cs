using System.Globalization;

namespace ProxyCore.Bench.Load;

/// <summary>One run of the load generator, as the command line of its process has it.</summary>
/// <param name="Kind">What the connections do.</param>
/// <param name="Port">The port on the loopback to load.</param>
/// <param name="Busy">How many connections work.</param>
/// <param name="Idle">How many more are open, have had one answer, and do nothing.</param>
/// <param name="Rate">Requests a second over all connections, for <see cref="LoadKind.Schedule"/>.</param>
/// <param name="WarmUp">How long it runs before it measures, in seconds.</param>
/// <param name="Seconds">How long it measures, in seconds.</param>
/// <param name="HandshakePort">The port of the TLS listener, for <see cref="LoadKind.TlsBesidePlain"/>.</param>
/// <param name="HandshakeRate">TLS handshakes a second, for <see cref="LoadKind.TlsBesidePlain"/>.</param>
/// <param name="Count">After how many answers it ends, if that is before its time; 0 ends it only by time. Not with TLS.</param>
internal sealed record LoadPlan(
    LoadKind Kind, int Port, int Busy, int Idle, int Rate, double WarmUp, double Seconds, int HandshakePort = 0, int HandshakeRate = 0, int Count = 0)
{
    /// <summary>The arguments that <see cref="Parse"/> reads.</summary>
    internal string[] ToArguments() =>
    [
        Kind.ToString(), Text(Port), Text(Busy), Text(Idle), Text(Rate), Text(WarmUp), Text(Seconds), Text(HandshakePort), Text(HandshakeRate), Text(Count),
    ];

    internal static LoadPlan Parse(IReadOnlyList<string> arguments) => new(
        Enum.Parse<LoadKind>(arguments[0]),
        Integer(arguments[1]),
        Integer(arguments[2]),
        Integer(arguments[3]),
        Integer(arguments[4]),
        double.Parse(arguments[5], CultureInfo.InvariantCulture),
        double.Parse(arguments[6], CultureInfo.InvariantCulture),
        Integer(arguments[7]),
        Integer(arguments[8]),
        Integer(arguments[9]));

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static int Integer(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
