using ProxyCore.Connections.Opening;
using ProxyCore.Preread.Postgres;
using ProxyCore.Preread.Tls;

namespace ProxyCore.Connections;

/// <summary>Chooses the route of a client, by what the steps before have learned. Belongs to the loop's thread.</summary>
internal sealed class RouteStep(ConnectionOpening connection) : OpeningStep
{
    // "Invalid authorization specification", as PostgreSQL's own servers say when no entry of pg_hba.conf matches.
    private const string NoEncryption = "28000";

    internal override StepOutcome Begin(OpeningSequence opening)
    {
        if (connection.TryChooseRoute())
        {
            return StepOutcome.Next;
        }

        switch (connection.Protocol)
        {
            case ClientProtocol.Tls when connection.Listen.OnNoRoute == NoRouteAction.Alert:
                Farewell.Send(connection.Client, TlsAlert.UnrecognizedName);
                break;
            case ClientProtocol.Postgres:
                Farewell.Send(connection.Client, PostgresStart.ErrorResponse(NoEncryption, "this server is chosen by its name in TLS: use sslmode=require"));
                break;
        }

        string cause = connection.Protocol == ClientProtocol.Tls ? "no route has its server name" : "there is no default route";
        return StepOutcome.Refuse(EndReason.NoRoute, RefusalEnd.Fin, cause);
    }

    internal override StepOutcome OnTimeLimit() => StepOutcome.NeedMore;

    internal override void Abandon()
    {
    }
}
