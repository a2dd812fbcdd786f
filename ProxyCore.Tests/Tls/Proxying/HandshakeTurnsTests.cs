using System.Net;
using ProxyCore.Connections.Encrypting;
using ProxyCore.Loop;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Tls.Proxying;

/// <summary>Handshakes that come at once leave room between them for what is ready elsewhere.</summary>
internal sealed class HandshakeTurnsTests
{
    [Test]
    public async Task One_handshake_goes_on_in_a_turn_and_the_others_in_the_next_ones_in_their_order()
    {
        await using RunningProxy proxy = await RunningProxy.To(new IPEndPoint(IPAddress.Loopback, 9));
        var begun = new TaskCompletionSource<List<(int Number, long Turn)>>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool[] taken = await proxy.OnLoop(shard =>
        {
            HandshakeTurns turns = shard.Tls.Turns;
            List<(int Number, long Turn)> seen = [(0, shard.Loop.Turns)];
            return Enumerable.Range(0, 4).Select(number => turns.TryTake(shard, () =>
            {
                seen.Add((number, shard.Loop.Turns));
                if (number == 3)
                {
                    begun.SetResult(seen);
                }
            })).ToArray();
        });
        List<(int Number, long Turn)> all = await begun.Task.WaitAsync(Bound.Wait);

        Assert.That(taken, Is.EqualTo(_onlyTheFirst));
        Assert.That(all.Select(static one => one.Number), Is.Ordered.Ascending);
        Assert.That(all.Select(static one => one.Turn).Distinct().Count(), Is.EqualTo(4), "turns");
    }

    [Test]
    public async Task A_handshake_that_fails_by_a_fault_does_not_hold_up_the_next()
    {
        await using RunningProxy proxy = await RunningProxy.To(new IPEndPoint(IPAddress.Loopback, 9));
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await proxy.OnLoop(shard =>
        {
            HandshakeTurns turns = shard.Tls.Turns;
            _ = turns.TryTake(new Nobody(), static () => { });
            _ = turns.TryTake(new Nobody(), static () => throw new InvalidOperationException("on purpose"));
            return turns.TryTake(new Nobody(), begun.SetResult);
        });

        await begun.Task.WaitAsync(Bound.Wait);
    }

    private static readonly bool[] _onlyTheFirst = [true, false, false, false];

    private sealed class Nobody : ILoopMember
    {
        public void Fault(Exception exception)
        {
        }
    }
}
