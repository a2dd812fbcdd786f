using System.Globalization;

namespace ProxyCore;

/// <summary>A fault that a proxy makes on purpose: see <see cref="TcpProxy.AddToxicAsync"/> and <see cref="RouteOptions.Toxics"/>.</summary>
/// <remarks>
/// The types and their names are those of toxiproxy, where it has them. Read when the toxic is added; later changes of the
/// object have no effect.
/// </remarks>
public abstract class Toxic
{
    private protected Toxic(string type) => Type = type;

    /// <summary>What it does, in one word, as a configuration file names it: <c>latency</c>.</summary>
    public string Type { get; }

    /// <summary>
    /// What it is called; unique on its route. Default null: its type and its stream, as <c>latency_downstream</c>.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>Whose bytes it acts on. Default <see cref="ToxicDirection.Downstream"/>: those for the client.</summary>
    public ToxicDirection Stream { get; set; }

    /// <summary>
    /// The share of connections that it acts on, from 0 to 1; each draws once. Default 1: all. The draw is a function of
    /// <see cref="TcpProxyOptions.ToxicSeed"/>, the name and the number of the connection.
    /// </summary>
    public double Toxicity { get; set; } = 1;

    /// <summary>Which connections it acts on, by when they began. Default <see cref="ToxicScope.All"/>.</summary>
    public ToxicScope Scope { get; set; }

    /// <summary>
    /// The addresses or ranges (<c>10.0.0.0/8</c>) of the clients that it acts on. Default empty: all.
    /// </summary>
    public IList<string> Clients { get; private set; } = [];

    /// <summary>
    /// How many connections it leaves alone before it acts on the next ones, of those that it would act on. Default 0. So 2,
    /// with a <see cref="TakeConnections"/> of 1, acts on the third connection only.
    /// </summary>
    public int SkipConnections { get; set; }

    /// <summary>How many connections it acts on; from 1. Default null: no limit.</summary>
    public int? TakeConnections { get; set; }

    /// <summary>For how long it is there, on the proxy's clock, before it is removed. Default null: until it is removed.</summary>
    public TimeSpan? Duration { get; set; }

    /// <summary>What it does, in words for people; its form may change.</summary>
    public override string ToString() => Parameters.Length == 0 ? Type : $"{Type} {Parameters}";

    /// <summary>What it does beside its type, such as <c>latency=300ms jitter=20ms</c>; complete, so that equal toxics have equal texts.</summary>
    private protected abstract string Parameters { get; }

    /// <summary>Whether it is written as <paramref name="other"/> is; clients and name are not compared.</summary>
    internal bool HasSameEffectAs(Toxic other) =>
        (Type, Stream, Toxicity, Scope, SkipConnections, TakeConnections, Duration, Parameters)
        == (other.Type, other.Stream, other.Toxicity, other.Scope, other.SkipConnections, other.TakeConnections, other.Duration, other.Parameters);

    private protected static string Text(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds}ms");

    private protected static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The same toxic in an object of its own.</summary>
    internal Toxic Copy()
    {
        var copy = (Toxic)MemberwiseClone();
        copy.Clients = [.. Clients];
        return copy;
    }
}
