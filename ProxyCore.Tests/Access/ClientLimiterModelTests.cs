using System.Net;
using CsCheck;
using ProxyCore.Access;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Access;

/// <summary>The limiter agrees with a plain model of it, and several threads leave no count behind.</summary>
internal sealed class ClientLimiterModelTests
{
    private const int Clients = 40;

    // All times at which a rate is paid for are multiples of this, plus the number of the step: no two clients are equal.
    private const long Unit = 1000;

    private static Gen<ClientLimitSettings> GenLimits { get; } = Gen.Select(
        Gen.OneOf(Gen.Const((int?)null), Gen.Int[1, 4].Select(static most => (int?)most)),
        Gen.OneOf(
            Gen.Const((Rate?)null),
            Gen.Select(Gen.OneOf(Gen.Const(1), Gen.Const(5), Gen.Const(10), Gen.Const(50)), Gen.Int[1, 5]).Select(static (perSecond, burst) => (Rate?)new Rate(perSecond, burst))),
        Gen.OneOf(Gen.Int[1, 20], Gen.Const(65_536))).Select(static (connections, rate, entries) =>
            ClientLimiterTests.Limits(connections, rate, entries: entries));

    private static Gen<Step> GenStep { get; } =
        Gen.Select(Gen.Bool, Gen.Int[0, Clients - 1], Gen.Int[0, 1000], Gen.Long[0, TimeSpan.TicksPerSecond / 10 / Unit])
            .Select(static (opens, client, which, pause) => new Step(opens, client, which, pause));

    [Test]
    public void The_limiter_answers_like_a_list_of_connections_and_of_what_is_paid_for() =>
        Gen.Select(GenLimits, GenStep.List[0, (int)Unit - 1]).Sample(static (limits, steps) => Compare(limits, steps));

    [Test]
    public async Task Several_threads_leave_no_count_behind()
    {
        var limiter = new ClientLimiter(ClientLimiterTests.Limits(connections: 3, rate: new Rate(perSecond: 1e6, burst: 1000), entries: 2000));
        long now = 0;

        long[] admitted = await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            var open = new Queue<ClientUse>();
            long count = 0;
            for (int i = 0; i < 200_000; i++)
            {
                long time = Interlocked.Increment(ref now);
                Admission answer = limiter.Admit(AddressOf(random.Next(100) < 50 ? random.Next(3) : random.Next(20_000)), time);
                if (answer.Verdict == LimitVerdict.Admitted)
                {
                    count++;
                    open.Enqueue(answer.Use);
                }

                while (open.Count > 20)
                {
                    open.Dequeue().Release(time);
                }
            }

            while (open.TryDequeue(out ClientUse use))
            {
                use.Release(now);
            }

            return count;
        })));

        Assert.That(admitted, Is.All.GreaterThan(0));
        Assert.That(limiter.Connections, Is.Zero);
        Assert.That(limiter.Count, Is.LessThanOrEqualTo(2000));
    }

    [Test]
    public void The_prefix_of_every_address_is_what_NET_says() =>
        Gen.Select(Gen.OneOf(Gen.Byte.Array[4], Gen.Byte.Array[16]), Gen.Int[1, 128]).Sample(static (bytes, length) =>
        {
            int prefix = Math.Min(length, bytes.Length * 8);
            var address = new IPAddress(bytes);
            var network = new IPNetwork(First(bytes, prefix), prefix);

            Assert.That(KeyOf(address, prefix), Is.EqualTo(KeyOf(network.BaseAddress, prefix)));
            for (int bit = 0; bit < bytes.Length * 8; bit++)
            {
                byte[] other = [.. bytes];
                other[bit / 8] ^= (byte)(0x80 >> (bit % 8));
                Assert.That(KeyOf(new IPAddress(other), prefix) == KeyOf(address, prefix), Is.EqualTo(network.Contains(new IPAddress(other))));
            }
        });

    private static ClientKey KeyOf(IPAddress address, int prefix) => ClientKey.Of(address, Math.Min(prefix, 32), prefix);

    private static IPAddress First(byte[] bytes, int bits) =>
        new([.. bytes.Select((one, i) => (byte)(one & (0xFF00 >> Math.Clamp(bits - (8 * i), 0, 8))))]);

    private static void Compare(ClientLimitSettings limits, List<Step> steps)
    {
        var limiter = new ClientLimiter(limits);
        var model = new NaiveLimiter(limits);
        List<(int Client, ClientUse Use)> open = [];
        long now = 0;
        foreach (Step step in steps)
        {
            now += (step.Pause * Unit) + 1;
            if (step.Opens)
            {
                Admission answer = limiter.Admit(AddressOf(step.Client), now);
                Assert.That(answer.Verdict, Is.EqualTo(model.Admit(step.Client, now)));
                if (answer.Verdict == LimitVerdict.Admitted)
                {
                    open.Add((step.Client, answer.Use));
                }
            }
            else if (open.Count > 0)
            {
                (int client, ClientUse use) = open[step.Which % open.Count];
                open.RemoveAt(step.Which % open.Count);
                use.Release(now);
                model.Release(client, now);
            }

            Assert.That((limiter.Count, limiter.Connections), Is.EqualTo((model.Count, (long)open.Count)));
        }

        open.ForEach(one => one.Use.Release(now));
        Assert.That(limiter.Connections, Is.Zero);
    }

    private static IPAddress AddressOf(int client) =>
        client % 2 == 0 ? new IPAddress([10, 0, (byte)(client >> 8), (byte)client]) : IPAddress.Parse($"2001:db8:{client:x}::1");

    private sealed record Step(bool Opens, int Client, int Which, long Pause);

    /// <summary>Looks through all clients each time.</summary>
    private sealed class NaiveLimiter(ClientLimitSettings limits)
    {
        private readonly Dictionary<int, (int Connections, long PaidUntil)> _clients = [];

        internal int Count => _clients.Count;

        internal LimitVerdict Admit(int client, long now)
        {
            bool isKnown = _clients.TryGetValue(client, out (int Connections, long PaidUntil) of);
            if (of.Connections >= limits.Connections)
            {
                return LimitVerdict.TooManyConnections;
            }

            if (limits.Rate is { } rate && rate.Allowed(of.PaidUntil, now) < 1)
            {
                return LimitVerdict.TooFast;
            }

            if (!isKnown && _clients.Count >= limits.Entries)
            {
                ForgetOne();
            }

            _clients[client] = (of.Connections + 1, limits.Rate?.Pay(of.PaidUntil, now, 1) ?? 0);
            return LimitVerdict.Admitted;
        }

        internal void Release(int client, long now)
        {
            (int connections, long paidUntil) = _clients[client];
            _clients[client] = (connections - 1, paidUntil);
            if (connections > 1)
            {
                return;
            }

            if (paidUntil <= now)
            {
                _clients.Remove(client);
            }
            else if (_clients.Count > limits.Entries)
            {
                ForgetOne();
            }
        }

        private void ForgetOne()
        {
            int[] idle = [.. _clients.Where(static one => one.Value.Connections == 0).OrderBy(static one => one.Value.PaidUntil).Select(static one => one.Key)];
            if (idle.Length > 0)
            {
                _clients.Remove(idle[0]);
            }
        }
    }
}
