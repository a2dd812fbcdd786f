using ProxyCore.Bench.Load;

namespace ProxyCore.Bench.Comparing;

/// <summary>One way to load a proxy.</summary>
/// <param name="Name">What the command line and the tables call it.</param>
/// <param name="Description">What it is, in a sentence.</param>
/// <param name="Kind">What its connections do.</param>
/// <param name="Busy">How many connections work.</param>
/// <param name="Idle">How many more are open and quiet.</param>
/// <param name="Rate">Requests a second, for <see cref="LoadKind.Schedule"/>.</param>
internal sealed record Scenario(
    string Name, string Description, LoadKind Kind, int Busy, int Idle = 0, int Rate = 0)
{
    internal LoadPlan Plan(int port, double warmUp, double seconds) => new(Kind, port, Busy, Idle, Rate, warmUp, seconds);
}
