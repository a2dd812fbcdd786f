namespace ProxyCore.Connections.Dialing;

/// <summary>Gets the outcome of a connect that it has begun. An interface, since a delegate would be an object more for each connection.</summary>
internal interface IConnectObserver
{
    /// <summary>The connect has succeeded or failed. Called once, on the loop's thread.</summary>
    void OnConnectCompleted(ConnectOutcome outcome);
}
