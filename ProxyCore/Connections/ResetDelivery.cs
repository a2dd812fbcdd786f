using System.Net.Sockets;
using ProxyCore.Loop;
using ProxyCore.Relay;

namespace ProxyCore.Connections;

/// <summary>
/// Lets a reset wait until the side that lives has what was sent to it: a reset destroys what is under way. For so long
/// at most; then it tells its connection. Belongs to the loop's thread.
/// </summary>
internal sealed class ResetDelivery(SelectLoop loop, Connection connection, Socket living, TimeSpan limit)
    : LoopTimer
{
    // No readiness event tells that the kernel has delivered what it was given: it has to be asked now and then.
    private static readonly TimeSpan _askEvery = TimeSpan.FromMilliseconds(10);

    private readonly TimeSpan _deadline = loop.Now + limit;

    internal override ILoopMember Owner => connection;

    /// <summary>Begins. The outcome may be told before this returns.</summary>
    internal void Begin() => OnDue();

    internal void Abandon() => loop.Cancel(this);

    internal override void OnDue()
    {
        if (SendQueue.IsUnderWay(living) && loop.Now < _deadline)
        {
            loop.Arm(this, _askEvery);
            return;
        }

        connection.OnDelivered();
    }
}
