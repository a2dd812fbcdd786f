namespace ProxyCore.Connections;

/// <summary>What a connection is busy with while it does not relay. Belongs to the loop's thread.</summary>
internal interface IConnectionStep
{
    /// <summary>Ends without telling the connection. Does nothing when it has ended.</summary>
    void Abandon();
}
