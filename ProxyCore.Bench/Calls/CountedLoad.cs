using ProxyCore.Bench.Load;

namespace ProxyCore.Bench.Calls;

/// <summary>A load of a fixed size, under which system calls are counted.</summary>
/// <param name="Unit">What the calls are divided by: a request or a connection.</param>
/// <param name="Kind">What the connections do.</param>
/// <param name="Busy">How many there are at a time.</param>
/// <param name="Few">How many units the smaller of two runs has.</param>
/// <param name="Many">How many the larger one has. What both need once, such as opening the connections, is in neither count.</param>
internal sealed record CountedLoad(string Unit, LoadKind Kind, int Busy, int Few, int Many)
{
    // strace makes each call some 20 µs longer: longer than a minute takes only a proxy that makes hundreds.
    private const double MostSeconds = 50;

    internal static CountedLoad Connections { get; } = new("connection", LoadKind.Connect, Busy: 16, Few: 240, Many: 1200);

    internal static CountedLoad Requests { get; } = new("request", LoadKind.Requests, Busy: 64, Few: 1024, Many: 11_264);

    internal static IReadOnlyList<CountedLoad> All { get; } = [Connections, Requests];

    internal LoadPlan Plan(int port, int count) => new(Kind, port, Busy, Idle: 0, Rate: 0, WarmUp: 0, MostSeconds, Count: count);
}
