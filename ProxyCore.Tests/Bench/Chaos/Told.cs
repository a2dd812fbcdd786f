using System.Net;
using System.Runtime.Versioning;
using ProxyCore.Bench.Chaos.Reckoning;
using ProxyCore.Bench.Chaos.Transfers;

namespace ProxyCore.Tests.Bench.Chaos;

/// <summary>Accounts of transfers that never were, to judge.</summary>
[SupportedOSPlatform("linux")]
internal static class Told
{
    internal const long Up = 132;
    internal const long Down = 200;

    /// <summary>A transfer whose two ends and log line tell as they are told to; null for what was never told.</summary>
    internal static Account Transfer(
        EndOfTransfer client = EndOfTransfer.Whole, EndOfTransfer? server = EndOfTransfer.Whole, string? reason = "ClientFin")
    {
        var account = new Account(new TransferPlan(7, TransferKind.BothWays, 100, 200), "pool")
        {
            Client = new EndReport(client, Up, Down),
        };
        if (server is { } end)
        {
            account.AddServer("pool");
            account.Server = new EndReport(end, Down, Up);
        }

        if (reason is not null)
        {
            account.Add(Line(reason));
        }

        return account;
    }

    internal static AccessLogLine Line(string reason, int client = 7, long toUpstream = Up, long toClient = Down) =>
        new(ClientAddress.Of(client), reason, "relaying", "127.0.0.10:1", toUpstream, toClient, "");

    internal static AccessLogLine NamelessLine() => new((IPAddress?)null, "ClientReset", "accepted", null, 0, 0, "");
}
