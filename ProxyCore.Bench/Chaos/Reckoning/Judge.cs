using ProxyCore.Bench.Chaos.Transfers;

namespace ProxyCore.Bench.Chaos.Reckoning;

/// <summary>Tells a transfer that was cut rightly from one that was not.</summary>
internal static class Judge
{
    /// <param name="account">Its client has ended, and its server too if there was one.</param>
    internal static Verdict Decide(Account account)
    {
        EndReport client = account.Client!;
        return Misrouted(account)
            ?? Lie(client.End, "the client")
            ?? Lie(account.Server?.End, "the server")
            ?? (client.End == EndOfTransfer.Stalled ? Stalled(account) : null)
            ?? (client.End == EndOfTransfer.Refused ? Refused(account) : null)
            ?? Logged(account)
            ?? (client.End == EndOfTransfer.Whole ? Whole(account, client) : Cut(account));
    }

    private static Verdict? Misrouted(Account account) =>
        account.IsMisrouted ? new Verdict(Rule.Misrouted, "a server of another route got it") : null;

    private static Verdict? Lie(EndOfTransfer? end, string who) => end switch
    {
        EndOfTransfer.WrongBytes or EndOfTransfer.TooMuch => new Verdict(Rule.Corrupt, $"{who} saw {end}"),
        EndOfTransfer.EarlyFin => new Verdict(Rule.LooksWhole, $"{who} saw a FIN before all bytes"),
        _ => null,
    };

    private static Verdict Stalled(Account account) =>
        new(Rule.Stalled, $"{account.Plan.Kind}, {(account.Servers == 0 ? "never served" : "served")}, the log says {Said(account)}");

    private static Verdict Refused(Account account) => account.MetClosedEndpoint
        ? new Verdict(Rule.Excused, "the endpoint was away")
        : new Verdict(Rule.Cut, "the connect was refused");

    private static Verdict? Logged(Account account) => account.Lines switch
    {
        1 => null,

        // When it has left before it was accepted, the line may have no address; Ledger.Nameless counts such lines.
        0 when account.Client!.End == EndOfTransfer.Left => new Verdict(Rule.Excused, "the client reset it, and no line names it"),
        0 when account.IsLostWithEndpoint => new Verdict(Rule.Excused, "it came while its endpoint was closed"),
        0 => new Verdict(Rule.Logged, $"no line; the client saw {account.Client!.End}, {account.Servers} servers"),
        _ => new Verdict(Rule.Logged, "several lines"),
    };

    private static Verdict Whole(Account account, EndReport client)
    {
        AccessLogLine line = account.Line!;
        if (Excuse(account) is { } excuse && !(account.Server?.End == EndOfTransfer.Whole && line.IsOrderly))
        {
            return excuse;
        }

        if (account.Server?.End != EndOfTransfer.Whole || account.Servers != 1)
        {
            return new Verdict(Rule.Halved, $"{account.Servers} servers, the last saw {account.Server?.End}; the log says {Said(account)}");
        }

        if (!line.IsOrderly)
        {
            return new Verdict(Rule.Misreported, $"whole, but the log says {Said(account)}");
        }

        bool agree = line.BytesToClient == client.Received && line.BytesToUpstream == account.Server.Received;
        return agree ? new Verdict(Rule.Whole, "") : new Verdict(Rule.Misreported, "the log counts other bytes");
    }

    private static Verdict Cut(Account account)
    {
        if (account.Line!.IsOrderly)
        {
            return new Verdict(Rule.Misreported, $"the client saw {account.Client!.End}, but the log says {Said(account)}");
        }

        return Excuse(account) ?? new Verdict(Rule.Cut, $"{account.Plan.Kind}, {(account.Servers == 0 ? "not served" : "served")}: {Said(account)}");
    }

    private static Verdict? Excuse(Account account) => account switch
    {
        { Client.End: EndOfTransfer.Left } => new Verdict(Rule.Excused, "the client reset it"),
        { Server.End: EndOfTransfer.Left } => new Verdict(Rule.Excused, "the server reset it"),
        { Server.End: EndOfTransfer.Killed } => new Verdict(Rule.Excused, "its server was killed"),
        { IsEndedByApi: true } => new Verdict(Rule.Excused, "ended through the API"),

        // It was connected, and waited in the backlog of a server that closed its listening socket.
        { Servers: 0, MetUpstreamTrouble: true, Line.Reason: "UpstreamReset" } =>
            new Verdict(Rule.Excused, "it waited in the backlog of a server that stopped"),
        _ => null,
    };

    private static string Said(Account account) =>
        account.Line is { } line ? $"{line.Reason} while {line.Phase}" : "nothing";
}
