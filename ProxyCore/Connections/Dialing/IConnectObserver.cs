namespace ProxyCore.Connections.Dialing;

/// <summary>Who has begun a connect. An interface, since a delegate would be an object more for each connection.</summary>
internal interface IConnectObserver
{
    /// <summary>The connect has succeeded or failed. Called once, on the loop's thread.</summary>
    void OnConnectCompleted(ConnectOutcome outcome);
}
