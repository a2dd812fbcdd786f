using Microsoft.Extensions.Time.Testing;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>Of several clients that one turn of a loop accepts, each has its whole time from its own accept on.</summary>
internal sealed class AcceptClockTests
{
    [Test]
    public async Task Time_that_passes_while_one_client_is_accepted_is_not_taken_from_the_next()
    {
        await using var upstream = new EchoUpstream();
        var observer = new ClockMover();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(
            upstream.Endpoint, options: options => options.ConnectionObservers.Add(observer));
        observer.Clock = proxy.Clock;

        // Both are there when the loop looks: it accepts them in one turn.
        using var goOn = new ManualResetEventSlim();
        Task blocked = proxy.OnLoop(_ => goOn.Wait(Bound.Wait));
        using Peer first = await proxy.Connect();
        using Peer second = await proxy.Connect();
        goOn.Set();
        await blocked;

        await second.Echoes("hello");
    }

    /// <summary>Moves the clock by more than the time to connect when the first client is accepted.</summary>
    private sealed class ClockMover : IConnectionObserver
    {
        private int _accepted;

        internal FakeTimeProvider? Clock { get; set; }

        public void OnAccepted(ConnectionReport connection)
        {
            if (Interlocked.Increment(ref _accepted) == 1)
            {
                Clock!.Advance(TimeSpan.FromMinutes(1));
            }
        }
    }
}
