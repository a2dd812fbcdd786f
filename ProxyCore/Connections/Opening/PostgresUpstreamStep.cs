using System.Net.Sockets;
using ProxyCore.Loop;
using ProxyCore.Preread.Postgres;
using ProxyCore.Relay;

namespace ProxyCore.Connections.Opening;

/// <summary>
/// Asks a PostgreSQL server for TLS, which its client has been promised, and waits for its consent: one byte. Belongs to the
/// loop's thread.
/// </summary>
internal sealed class PostgresUpstreamStep(IUpstreamTalk talk, TimeSpan timeout) : OpeningStep
{
    internal override TimeSpan? TimeLimit => timeout;

    internal override StepOutcome Begin(OpeningSequence opening)
    {
        if (!talk.TrySend(PostgresStart.SslRequest))
        {
            return StepOutcome.Refuse(EndReason.UpstreamReset);
        }

        talk.WatchUpstream(Interest.Read);
        return StepOutcome.NeedMore;
    }

    internal override StepOutcome OnUpstreamReadable()
    {
        Span<byte> answer = stackalloc byte[1];
        TransferResult result = SocketTransfer.Receive(talk.Upstream, answer, out int count);
        if (result is TransferResult.WouldBlock or TransferResult.TryAgain)
        {
            return StepOutcome.NeedMore;
        }

        talk.WatchUpstream(Interest.None);
        return count == 1 && answer[0] == PostgresStart.Accepted
            ? StepOutcome.Next
            : StepOutcome.Refuse(EndReason.UpstreamHandshakeFailed, cause: "the PostgreSQL server does not agree to TLS");
    }

    internal override StepOutcome OnTimeLimit() =>
        StepOutcome.Refuse(EndReason.UpstreamHandshakeFailed, cause: "the PostgreSQL server has not answered in time whether it speaks TLS");

    internal override void Abandon()
    {
    }
}

/// <summary>The upstream of a connection that opens, for the steps that talk with it. Belongs to the loop's thread.</summary>
internal interface IUpstreamTalk
{
    Socket Upstream { get; }

    /// <summary>Sends, behind the PROXY header if the upstream gets one; false when the upstream takes nothing.</summary>
    bool TrySend(ReadOnlySpan<byte> bytes);

    /// <summary>Changes what the upstream is watched for.</summary>
    void WatchUpstream(Interest interest);
}
