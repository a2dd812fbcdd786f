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
        if (connection.FindTlsRefusal() is { } refusal)
        {
            return RefuseTls(refusal);
        }

        if (connection.TryChooseRoute())
        {
            // Only a route selector leads a client from another endpoint here.
            return connection.LacksCertificate
                ? StepOutcome.Refuse(EndReason.ClientTlsFailed, cause: "its route asks for certificates, and its endpoint does not end TLS")
                : StepOutcome.Next;
        }

        if (connection.Protocol != ClientProtocol.Tls || connection.Listen.OnNoRoute == NoRouteAction.Alert)
        {
            SayFarewell("this server is chosen by its name in TLS: use sslmode=require");
        }

        string cause = connection.Protocol == ClientProtocol.Tls ? "no route has its server name" : "there is no default route";
        return StepOutcome.Refuse(EndReason.NoRoute, RefusalEnd.Fin, cause);
    }

    private StepOutcome RefuseTls(string cause)
    {
        SayFarewell("this server is reached by TLS only: use sslmode=require");
        return StepOutcome.Refuse(connection.Protocol == ClientProtocol.Tls ? EndReason.NoRoute : EndReason.ClientTlsFailed, RefusalEnd.Fin, cause);
    }

    private void SayFarewell(string toPostgres)
    {
        switch (connection.Protocol)
        {
            case ClientProtocol.Tls:
                Farewell.Send(connection.Client, TlsAlert.UnrecognizedName);
                break;
            case ClientProtocol.Postgres:
                Farewell.Send(connection.Client, PostgresStart.ErrorResponse(NoEncryption, toPostgres));
                break;
        }
    }

    internal override StepOutcome OnTimeLimit() => StepOutcome.NeedMore;

    internal override void Abandon()
    {
    }
}
