using ProxyCore.Connections.Sockets;
using ProxyCore.Loop;
using ProxyCore.Relay;

namespace ProxyCore.Connections;

/// <content>How long a connection that relays may be quiet, and what is called by time instead of by readiness.</content>
internal sealed partial class Connection
{
    // A stall that lasts longer is looked at: most of those of a fast stream end within milliseconds.
    private static readonly TimeSpan _stallTime = TimeSpan.FromSeconds(1);

    // From this age on the system asks an upstream that is quiet whether it is still there.
    private static readonly TimeSpan _keepAliveAge = TimeSpan.FromSeconds(5);

    /// <summary>While it relays: nothing may have been relayed for as long as it may be quiet, or a look is due.</summary>
    private void OnQuietDue(PipePair pipes)
    {
        if (pipes.HasLayers)
        {
            // It was not quiet: bytes may have come that its rate kept from being read.
            _quietSince = pipes.WaitsForTime ? Loop.Now : _quietSince;
            PumpLayers(pipes);
        }

        if (pipes.IsStalled)
        {
            pipes.LookAtStalled();
        }

        // What was done and learned here may end the connection, or shorten the time that it may be quiet.
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

        if (LifeLeft is { } life && life <= TimeSpan.Zero)
        {
            EndLife(pipes);
            return;
        }

        if (UntilKeepAlive is { } wait && wait <= TimeSpan.Zero)
        {
            _isKeptAlive = true;
            TcpOptions.TryKeepAlive(Upstream!, Settings);
        }

        TimeSpan quiet = Loop.Now - _quietSince;
        TimeSpan left = QuietLimit - quiet;
        if (left > TimeSpan.Zero)
        {
            Loop.Arm(this, NextDue(pipes.IsStalled && !pipes.IsHalfClosed ? NextLook(quiet, left) : left));
            Settle();
            return;
        }

        Close(pipes.IsHalfClosed ? EndReason.HalfCloseTimeout : EndReason.IdleTimeout);
    }

    /// <summary>How much longer it may be open; null when that has no limit, and once it ends because of it.</summary>
    private TimeSpan? LifeLeft =>
        Settings.MaxLifetime is { } longest && !_isPastLife ? Lifetimes.Of(Id, longest) - Age : null;

    /// <summary>How long until its upstream gets the keepalive; null once it has it, or when the route wants none.</summary>
    private TimeSpan? UntilKeepAlive => !_isKeptAlive && Settings.KeepAlive is { } time
        ? Least(time, _keepAliveAge) - Age
        : null;

    /// <summary>When the timer is due next: after <paramref name="quiet"/>, or before that for something else.</summary>
    private TimeSpan NextDue(TimeSpan quiet) => Least(Least(quiet, LifeLeft ?? quiet), UntilKeepAlive ?? quiet);

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private void EndLife(PipePair pipes)
    {
        _isPastLife = true;
        if (Settings.OnMaxLifetime == LifetimeAction.Reset)
        {
            Close(EndReason.MaxLifetime);
            return;
        }

        // What it holds gets the whole time of a half-closed connection to go out.
        _quietSince = Loop.Now;
        (long toUpstream, long toClient) = (pipes.BytesToUpstream, pipes.BytesToClient);
        pipes.EndReading(Loop.Now);
        CountSince(pipes, toUpstream, toClient);
        Loop.Arm(this, QuietLimit);
        Settle();
    }

    /// <summary>
    /// A stalled connection is looked at again when the half-close timeout is over, and each time that it is over again:
    /// nothing reports a FIN that arrives behind unread bytes.
    /// </summary>
    private TimeSpan NextLook(TimeSpan quiet, TimeSpan left)
    {
        TimeSpan limit = Settings.HalfCloseTimeout;
        TimeSpan next = quiet < limit ? limit - quiet : limit;
        return next < left ? next : left;
    }

    private void PumpLayers(PipePair pipes)
    {
        (long toUpstream, long toClient) = (pipes.BytesToUpstream, pipes.BytesToClient);
        pipes.Pump(Loop.Now);
        CountSince(pipes, toUpstream, toClient);
    }

    /// <summary>Brings the timer nearer where it must be; when its time moves away it stays, and looks when it is due.</summary>
    private void ArmTimer(PipePair pipes)
    {
        if (pipes.IsHalfClosed && Due > Loop.Now + QuietLimit)
        {
            Loop.Arm(this, QuietLimit);
        }

        if (pipes.HasNewStall)
        {
            TimeSpan delay = Settings.HalfCloseTimeout < _stallTime ? Settings.HalfCloseTimeout : _stallTime;
            if (Due > Loop.Now + delay)
            {
                Loop.Arm(this, delay);
            }
        }
    }

    /// <summary>What stages and transports need from the loop beside readiness: the time, and to be called again.</summary>
    private void SettleLayers(PipePair pipes)
    {
        if (pipes.NextDue(Loop.Now) is { } due && due < Due)
        {
            Loop.Arm(this, due - Loop.Now);
        }

        if (pipes.CanReadHeld(ConnectionSide.Client) || pipes.CanReadHeld(ConnectionSide.Upstream))
        {
            // In the next turn, after what is ready elsewhere: a transport that always holds more must not keep the loop.
            Loop.Post(this, ReadHeld);
        }
    }

    private void ReadHeld()
    {
        if (Phase == ConnectionPhase.Relaying && _pipes!.CanReadHeld(ConnectionSide.Client))
        {
            HandleClient(Interest.Read);
        }

        if (Phase == ConnectionPhase.Relaying && _pipes!.CanReadHeld(ConnectionSide.Upstream))
        {
            HandleUpstream(Interest.Read);
        }
    }

    private void NoteReset(ConnectionSide side)
    {
        _pipes!.NoteReset(side);
        Settle();
    }
}
