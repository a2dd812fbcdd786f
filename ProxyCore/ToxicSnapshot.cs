namespace ProxyCore;

/// <summary>A toxic of a route at one moment. Immutable. A test may make its own.</summary>
public sealed class ToxicSnapshot
{
    /// <summary>What it is called; unique on its route.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in one word: see <see cref="Toxic.Type"/>.</summary>
    public required string Type { get; init; }

    /// <summary>Whose bytes it acts on.</summary>
    public required ToxicDirection Stream { get; init; }

    /// <summary>The share of connections that it acts on, from 0 to 1.</summary>
    public required double Toxicity { get; init; }

    /// <summary>What it does, in words for people; its form may change.</summary>
    public required string Description { get; init; }

    /// <summary>How many connections it has acted on.</summary>
    public required long Connections { get; init; }

    /// <summary>How many connections it has ended.</summary>
    public required long EndedConnections { get; init; }

    /// <summary>A short text for debuggers and messages of tests; its form may change.</summary>
    public override string ToString() => $"{Name}: {Description}";
}
