using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace ProxyCore.Loop;

/// <summary>A socket that a <see cref="SelectLoop"/> watches, and what to do when it is ready.</summary>
/// <remarks>Belongs to one loop's thread from <see cref="SelectLoop.Attach"/> on.</remarks>
internal abstract class Watched(Socket socket, ILoopMember owner)
{
    internal Socket Socket { get; } = socket;

    /// <summary>Who ends when <see cref="OnReady"/> throws.</summary>
    internal ILoopMember Owner { get; } = owner;

    /// <summary>What the loop waits for now. Only the loop's poller changes it.</summary>
    internal Interest Interest { get; set; }

    /// <summary>Whether a loop has it. Only the loop changes it.</summary>
    internal bool IsAttached { get; set; }

    /// <summary>Whether it is in the loop's <see cref="IdleSet"/> instead of Select's lists.</summary>
    internal bool IsParked => ParkedAt != 0;

    /// <summary>Where it stands in the <see cref="IdleSet"/>: 0 means not there, else index + 1.</summary>
    internal int ParkedAt { get; set; }

    /// <summary>What <see cref="ParkingPolicy"/> goes by.</summary>
    internal ParkingPolicy.Heat Heat;

    /// <summary>Where it stands in each <see cref="SocketSet"/>, so that leaving one needs no search.</summary>
    internal SetPositions Positions;

    /// <summary>
    /// Whether the last <see cref="OnReady"/> took all bytes that had come; null when that is unknown. A parked socket that
    /// knows is watched edge-triggered, which is cheaper: when it leaves bytes behind, it returns to Select's lists.
    /// </summary>
    internal virtual bool? IsDrained => null;

    /// <summary>Called once for each kind of readiness: never with a combination.</summary>
    internal abstract void OnReady(Interest ready);

    /// <summary>One place for each <see cref="SocketSetKind"/>: 0 means not in that set, else index + 1.</summary>
    [InlineArray(3)]
    internal struct SetPositions
    {
        private int _first;
    }
}
