using System.Net.Sockets;
using ProxyCore.Connections.Sockets;
using ProxyCore.Loop;
using ProxyCore.Relay;

namespace ProxyCore.Connections;

/// <content>What it does when a side is ready, what follows from that, and how relaying ends.</content>
internal sealed partial class Connection
{
    private void HandleClient(Interest ready)
    {
        if (_opening is not null)
        {
            _opening.HandleClient(ready);
            return;
        }

        switch (ready)
        {
            case Interest.Write:
                Flush(ConnectionSide.Client);
                break;
            case Interest.Reset:
                NoteReset(ConnectionSide.Client);
                break;
            default:
                Events.ReportMessage(this, Read(ConnectionSide.Client));
                break;
        }
    }

    private void HandleUpstream(Interest ready)
    {
        if (_opening is not null)
        {
            _opening.HandleUpstream();
            return;
        }

        switch (ready)
        {
            case Interest.Write:
                Flush(ConnectionSide.Upstream);
                break;
            case Interest.Reset:
                NoteReset(ConnectionSide.Upstream);
                break;
            default:
                Read(ConnectionSide.Upstream);
                break;
        }
    }

    private ReadOnlySpan<byte> Read(ConnectionSide source)
    {
        PipePair pipes = _pipes!;
        (long toUpstream, long toClient) = (pipes.BytesToUpstream, pipes.BytesToClient);
        ReadOnlySpan<byte> bytes = pipes.Read(source, Loop.Now);
        CountSince(pipes, toUpstream, toClient);
        Events.ReportRead(this, source, in pipes.From(source));
        Settle();
        return bytes;
    }

    private void Flush(ConnectionSide sink)
    {
        ConnectionSide source = sink == ConnectionSide.Client ? ConnectionSide.Upstream : ConnectionSide.Client;
        PipePair pipes = _pipes!;
        (long toUpstream, long toClient) = (pipes.BytesToUpstream, pipes.BytesToClient);
        pipes.Flush(sink, Loop.Now);
        CountSince(pipes, toUpstream, toClient);
        Events.ReportFlushed(this, source, in pipes.From(source));
        Settle();
    }

    /// <summary>Counts what was relayed since the sums were as given.</summary>
    private void CountSince(PipePair pipes, long toUpstream, long toClient)
    {
        if (pipes.BytesToUpstream > toUpstream)
        {
            Count(ConnectionSide.Client, pipes.BytesToUpstream - toUpstream);
        }

        if (pipes.BytesToClient > toClient)
        {
            Count(ConnectionSide.Upstream, pipes.BytesToClient - toClient);
            Record?.NoteBytesToClient(Age);
        }
    }

    private void Count(ConnectionSide source, long bytes)
    {
        _quietSince = Loop.Now;
        Counters.CountRelayed(source, bytes);
        Member!.Traffic[_shard.Number - 1].Count(source, bytes);
    }

    /// <summary>Derives what follows from the state of the pipes: the end, the interest, the timer.</summary>
    private void Settle()
    {
        PipePair pipes = _pipes!;
        if (pipes.Flows && _client.Interest == Interest.Read && _upstream!.Interest == Interest.Read)
        {
            // Nearly every event leaves it so, and nothing follows: what is below takes a seventh of the time of our own code.
            return;
        }

        if (pipes.HasLayers)
        {
            pipes.SettleStages(Loop.Now);
        }

        pipes.Settle();
        if (pipes.IsOver)
        {
            FinishRelay();
            return;
        }

        Loop.SetInterest(_client, pipes.InterestIn(ConnectionSide.Client));
        Loop.SetInterest(_upstream!, pipes.InterestIn(ConnectionSide.Upstream));

        ArmTimer(pipes);
        if (pipes.HasLayers)
        {
            SettleLayers(pipes);
        }
    }

    private TimeSpan QuietLimit => Settings.QuietLimit(_pipes!.IsHalfClosed);

    private void FinishRelay()
    {
        if (_pipes!.EndedBy is { } stage)
        {
            Record?.Facts.Toxic = _toxics?.NameOf(stage);
        }

        if (_pipes.FailedSide is not { } failed)
        {
            Close(OrderlyReason(_pipes), withFin: true);
            return;
        }

        if (_pipes.Failure == TransferResult.Cut)
        {
            Close(EndReason.Toxic);
            return;
        }

        Events.ReportSideFailed(this, FailureReason());
        MoveTo(ConnectionPhase.Resetting);
        Loop.SetInterest(_client, Interest.None);
        Loop.SetInterest(_upstream!, Interest.None);
        Loop.Cancel(this);
        (Socket living, long sent) = failed == ConnectionSide.Client
            ? (_upstream!.Socket, _pipes.BytesToUpstream)
            : (Client, _pipes.BytesToClient);
        var delivery = new ResetDelivery(Loop, this, living, sent == 0 ? null : _quietSince, Settings.HalfCloseTimeout);
        _delivery = delivery;
        delivery.Begin();
    }

    /// <summary>
    /// Only the side that ends first may have sent too little: the other often ends without close_notify, because nobody
    /// would read it any more. So do nginx 1.22, and most clients.
    /// </summary>
    private static EndReason OrderlyReason(PipePair pipes) => pipes.EndedBy is not null ? EndReason.Toxic
        : pipes.FirstFin == ConnectionSide.Client ? pipes.IsTruncated(ConnectionSide.Client) ? EndReason.ClientTruncated : EndReason.ClientFin
        : pipes.IsTruncated(ConnectionSide.Upstream) ? EndReason.UpstreamTruncated : EndReason.UpstreamFin;

    /// <summary>The other side can be reset: it has all bytes, or the wait for that was long enough.</summary>
    internal void OnDelivered() => Close(FailureReason());

    private EndReason FailureReason() => ConnectionErrors.ReasonOf(_pipes!.FailedSide!.Value, _pipes.Failure);
}
