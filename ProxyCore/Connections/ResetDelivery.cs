using System.Net.Sockets;
using ProxyCore.Loop;
using ProxyCore.Relay;

namespace ProxyCore.Connections;

/// <summary>
/// Delays the reset of the side that lives until that side has received all that was sent to it, because a reset destroys
/// what is under way. After a limit it waits no longer. Belongs to the loop's thread.
/// </summary>
/// <param name="loop">The loop.</param>
/// <param name="connection">The connection that ends then.</param>
/// <param name="living">The socket of the side that lives.</param>
/// <param name="lastBytes">When bytes were relayed last; null when none were sent to that side.</param>
/// <param name="limit">The longest wait.</param>
internal sealed class ResetDelivery(SelectLoop loop, Connection connection, Socket living, TimeSpan? lastBytes, TimeSpan limit)
    : LoopTimer
{
    // Where the kernel can't be asked: what was sent earlier than this has arrived at a peer that reads.
    private static readonly TimeSpan _toArrive = TimeSpan.FromSeconds(1);

    // No readiness event reports that the peer has acknowledged all bytes: the kernel has to be asked. A peer that reads
    // acknowledges within milliseconds; one that does not may take the whole limit, so the pauses grow.
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _deadline = loop.Now + limit;
    private TimeSpan _pause = _firstPause;

    internal override ILoopMember Owner => connection;

    /// <summary>The pauses between two questions to the kernel, one after the other.</summary>
    internal static TimeSpan PauseAfter(TimeSpan pause) => pause + pause < _longestPause ? pause + pause : _longestPause;

    /// <summary>Begins. It may end before this returns.</summary>
    internal void Begin() => OnDue();

    internal void Abandon() => loop.Cancel(this);

    internal override void OnDue()
    {
        TimeSpan left = _deadline - loop.Now;
        if (left > TimeSpan.Zero && (SendQueue.IsUnderWay(living) ?? loop.Now < lastBytes + _toArrive))
        {
            loop.Arm(this, _pause < left ? _pause : left);
            _pause = PauseAfter(_pause);
            return;
        }

        connection.OnDelivered();
    }
}
