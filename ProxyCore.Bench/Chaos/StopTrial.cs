namespace ProxyCore.Bench.Chaos;

/// <summary>A way to stop the proxy while clients are there. All of them must be served to their end.</summary>
/// <param name="Name">What the report calls it.</param>
internal sealed record StopTrial(string Name)
{
    /// <summary>How many clients are being served at the stop.</summary>
    internal int Served { get; init; } = 20;

    /// <summary>How many more have connected and are not accepted yet.</summary>
    internal int InBacklog { get; init; }

    /// <summary>How many connections are served at a time; null for the default. Then the rest is in the backlog by itself.</summary>
    internal int? MaxConnections { get; init; }

    /// <summary>How many SIGHUPs come during the drain.</summary>
    internal int HangUps { get; init; }

    /// <summary>The trials that each get a process of their own.</summary>
    internal static IReadOnlyList<StopTrial> All { get; } =
    [
        new("SIGHUP during the drain") { HangUps = 3 },

        // More than are accepted in one turn of a loop.
        new("a full backlog at the stop") { InBacklog = 200 },
        new("a full backlog at the maximum of connections, at the stop") { Served = 8, MaxConnections = 8, InBacklog = 24 },
    ];
}
