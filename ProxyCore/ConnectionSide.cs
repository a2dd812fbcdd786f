namespace ProxyCore;

/// <summary>One of the two ends of a connection.</summary>
internal enum ConnectionSide : byte
{
    Client,
    Upstream,
}
