namespace ProxyCore.Bench.Chaos.Transfers;

/// <summary>How the two ends of a transfer behave.</summary>
internal enum TransferKind
{
    /// <summary>Both send all they have at the same time, and finish.</summary>
    BothWays,

    /// <summary>The client sends a request and waits for the answer, several times over.</summary>
    Requests,

    /// <summary>The client sends and finishes; the server answers only then.</summary>
    ClientFinishesFirst,

    /// <summary>The server sends and finishes; the client sends only then.</summary>
    ServerFinishesFirst,

    /// <summary>The client resets the connection in the middle.</summary>
    ClientResets,

    /// <summary>The server resets the connection in the middle.</summary>
    ServerResets,

    /// <summary>The client resets a moment after it has connected, perhaps before it is served.</summary>
    ClientLeaves,
}
