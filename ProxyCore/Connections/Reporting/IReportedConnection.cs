namespace ProxyCore.Connections.Reporting;

/// <summary>A connection, as reports see it. Belongs to the loop's thread.</summary>
internal interface IReportedConnection
{
    /// <summary>What logs call it: counted from 1.</summary>
    long Id { get; }

    string RouteName { get; }

    /// <summary>What is known of the client; its address may cost a system call.</summary>
    ClientIdentity IdentifyClient();

    /// <summary>The address of the upstream that it relays to; null before it does.</summary>
    string? UpstreamAddress { get; }

    /// <summary>What is noted of it; null when nobody wants to know.</summary>
    ConnectionRecord? Record { get; }

    ConnectionPhase Phase { get; }

    /// <summary>How long it has been open.</summary>
    TimeSpan Age { get; }

    long BytesToUpstream { get; }

    long BytesToClient { get; }
}
