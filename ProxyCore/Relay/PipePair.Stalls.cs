using System.Net.Sockets;

namespace ProxyCore.Relay;

/// <content>
/// A side that is not read, because the other takes nothing, can finish or be reset unnoticed: both stand behind its bytes.
/// </content>
internal sealed partial class PipePair
{
    /// <summary>Whether a side is not read because the other does not take what is pending.</summary>
    internal bool IsStalled => _toUpstream.IsStalled || _toClient.IsStalled;

    /// <summary>Whether it is stalled in a way that <see cref="LookAtStalled"/> has not looked at.</summary>
    internal bool HasNewStall => IsNew(in _toUpstream) || IsNew(in _toClient);

    /// <summary>
    /// Looks what the peers of sides that are not read have done. From then on, while the stall lasts, such a side is
    /// watched for a reset; not before, because that costs system calls, and most stalls are short.
    /// </summary>
    internal void LookAtStalled()
    {
        LookAt(ConnectionSide.Client);
        LookAt(ConnectionSide.Upstream);
    }

    /// <summary>
    /// The peer of <paramref name="side"/>, which is not read, has reset the connection. The error is taken from the
    /// socket; the bytes before it can still be read.
    /// </summary>
    internal void NoteReset(ConnectionSide side)
    {
        bool isLost = SocketErrors.Take(SocketOf(side)) == TransferResult.Lost;
        From(side).ExpectReset(isLost ? TransferResult.Lost : TransferResult.Reset);
    }

    private static bool IsNew(in Pipe pipe) => pipe.IsStalled && !pipe.StallIsNoted;

    private void LookAt(ConnectionSide side)
    {
        ref Pipe from = ref From(side);
        if (!from.IsStalled)
        {
            return;
        }

        from.NoteStall();
        PeerSigns signs = PeerState.Look(SocketOf(side));
        if ((signs & PeerSigns.Failed) != 0)
        {
            NoteReset(side);
        }
        else if ((signs & PeerSigns.Ended) != 0)
        {
            from.NoteSourceEnded();
        }
    }

    // A socket on which both sides have finished looks like one that was reset. A Unix socket looks so when its peer has
    // merely closed.
    private bool CanBeWatchedForReset(ConnectionSide side) =>
        To(side).State == PipeState.Open && SocketOf(side).AddressFamily != AddressFamily.Unix;
}
