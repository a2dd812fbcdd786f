using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections.Faults;
using ProxyCore.Connections.Sockets;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Faults;

/// <summary>Which connections a toxic acts on, drawn for thousands of them.</summary>
internal sealed class ToxicChoiceTests
{
    private const int Connections = 20_000;

    // 99.9999% of all draws stay within it: 4.9 standard deviations, the widest for a toxicity of one half.
    private const double Tolerance = 4.9 * 0.5 / 141.4;

    [TestCase(0, ExpectedResult = 0)]
    [TestCase(1, ExpectedResult = Connections)]
    public int Toxicity_of_zero_and_one_leaves_nothing_to_chance(double toxicity) => Acting(seed: 1, "one", toxicity).Count(static acts => acts);

    [Test]
    public void Toxicity_is_the_share_of_connections([Values(0.01, 0.3, 0.5, 0.9)] double toxicity, [Values(0UL, 1UL, ulong.MaxValue)] ulong seed) =>
        Assert.That(Acting(seed, "one", toxicity).Average(static acts => acts ? 1.0 : 0), Is.EqualTo(toxicity).Within(Tolerance));

    [Test]
    public void Same_seed_name_and_connection_draw_the_same()
    {
        bool[] first = [.. Acting(seed: 7, "one", 0.5)];

        Assert.That(Acting(seed: 7, "one", 0.5), Is.EqualTo(first));
    }

    [TestCase(8UL, "one")]
    [TestCase(7UL, "two")]
    [TestCase(7UL, "eno")]
    public void Another_seed_or_name_draws_independently(ulong seed, string name)
    {
        bool[] first = Acting(seed: 7, "one", 0.5);
        bool[] second = Acting(seed, name, 0.5);

        Assert.That(first.Zip(second, static (a, b) => a == b ? 1.0 : 0).Average(), Is.EqualTo(0.5).Within(Tolerance));
    }

    [Test]
    public void Neighbouring_connections_draw_independently()
    {
        bool[] acting = Acting(seed: 7, "one", 0.5);

        Assert.That(acting.Zip(acting.Skip(1), static (a, b) => a == b ? 1.0 : 0).Average(), Is.EqualTo(0.5).Within(Tolerance));
    }

    [Test]
    public void Higher_toxicity_acts_on_all_that_a_lower_one_acts_on()
    {
        bool[] few = Acting(seed: 7, "one", 0.2);
        bool[] many = Acting(seed: 7, "one", 0.6);

        Assert.That(few.Zip(many, static (a, b) => !a || b), Is.All.True);
    }

    [Test]
    public void Skipped_and_taken_are_counted_among_those_that_the_draw_lets_through()
    {
        bool[] all = Acting(seed: 7, "one", 0.5);
        int[] some = [.. IndexesIn(Acting(seed: 7, "one", 0.5, skip: 10, take: 5))];

        Assert.That(some, Is.EqualTo(IndexesIn(all).Skip(10).Take(5)));
    }

    [Test]
    public void Choice_stays_until_the_toxic_changes_and_a_connection_counts_once()
    {
        var toxic = new RouteToxic(Settings("one", 1, skip: 0, take: 1), lastConnection: 0);
        ToxicChoice first = Choice(toxic, seed: 7, connection: 1);
        ToxicChoice second = Choice(toxic, seed: 7, connection: 2);

        Assert.That((first.Acts(Client.Any), second.Acts(Client.Any), first.Acts(Client.Any)), Is.EqualTo((true, false, true)));
        toxic.Change(Settings("one", 1, skip: 1, take: 1));
        Assert.That((first.Acts(Client.Any), second.Acts(Client.Any), second.Acts(Client.Any)), Is.EqualTo((false, true, true)));
        Assert.That(toxic.Connections, Is.EqualTo(2));
    }

    private static IEnumerable<int> IndexesIn(bool[] acting) => acting.Index().Where(static one => one.Item).Select(static one => one.Index);

    private static bool[] Acting(ulong seed, string name, double toxicity, int skip = 0, int? take = null)
    {
        var toxic = new RouteToxic(Settings(name, toxicity, skip, take), lastConnection: 0);
        return [.. Enumerable.Range(1, Connections).Select(connection => Choice(toxic, seed, connection).Acts(Client.Any))];
    }

    private static ToxicChoice Choice(RouteToxic toxic, ulong seed, long connection) =>
        new(toxic, ToxicDraw.SeedFor(seed, toxic.Name, connection), connection);

    private static ToxicSettings Settings(string name, double toxicity, int skip, int? take) => ToxicReader.Read(
        new NoOpToxic { Name = name, Toxicity = toxicity, SkipConnections = skip, TakeConnections = take });

    private sealed class Client : IIdentifiedClient
    {
        internal static readonly Client Any = new();

        public Socket Socket => throw new NotSupportedException();

        public ClientIdentity Identify() => new() { Address = new IPEndPoint(IPAddress.Loopback, 1) };
    }
}
