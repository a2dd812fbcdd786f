using ProxyCore.Bench.Load;
using ProxyCore.Bench.Peers;

namespace ProxyCore.Bench.Comparing;

/// <summary>One way to load a proxy.</summary>
/// <param name="Name">What the command line and the tables call it.</param>
/// <param name="Description">What it is, in a sentence.</param>
/// <param name="Kind">What its connections do.</param>
/// <param name="Busy">How many connections work.</param>
/// <param name="Idle">How many more are open and quiet.</param>
/// <param name="Rate">Requests a second, for <see cref="LoadKind.Schedule"/> and <see cref="LoadKind.TlsBesidePlain"/>.</param>
/// <param name="Key">The proxy's certificate, where it ends TLS.</param>
/// <param name="HandshakeRate">TLS handshakes a second, for <see cref="LoadKind.TlsBesidePlain"/>.</param>
/// <param name="OnlyWhenNamed">Whether it runs only when the command line names it or its group.</param>
internal sealed record Scenario(
    string Name,
    string Description,
    LoadKind Kind,
    int Busy,
    int Idle = 0,
    int Rate = 0,
    KeyKind Key = KeyKind.P256,
    int HandshakeRate = 0,
    bool OnlyWhenNamed = false)
{
    /// <summary>The group of all scenarios in which the proxy ends TLS.</summary>
    internal const string TlsGroup = "tls";

    // socat makes a process for each connection: with thousands it measures the machine's patience.
    private const int MostProcesses = 64;

    /// <summary>What the proxy is configured for.</summary>
    internal Features Features { get; init; } = Features.None;

    /// <summary>Whether <paramref name="name"/> is its name, that of its group, or the beginning of its name with an asterisk.</summary>
    internal bool IsCalled(string name) =>
        name == Name || (Kind.IsTls() && name == TlsGroup) || (name.EndsWith('*') && Name.StartsWith(name[..^1], StringComparison.Ordinal));

    /// <summary>Whether it runs when the command line has <paramref name="names"/>; null where it names none.</summary>
    internal bool IsChosen(IEnumerable<string>? names) => names?.Any(IsCalled) ?? !OnlyWhenNamed;

    /// <summary>Whether <paramref name="contender"/> is measured in it.</summary>
    internal bool Takes(Contender contender) =>
        contender.CanTake(Kind, Features) && (contender.Name != OtherProxies.Socat || Busy + Idle <= MostProcesses);

    internal LoadPlan Plan(int port, int handshakePort, double warmUp, double seconds) =>
        new(Kind, port, Busy, Idle, Rate, warmUp, seconds, handshakePort, HandshakeRate);
}
