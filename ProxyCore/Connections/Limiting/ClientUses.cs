using ProxyCore.Access;

namespace ProxyCore.Connections.Limiting;

/// <summary>What the gates of the proxy and of the route have counted for one connection. Belongs to the loop's thread.</summary>
internal sealed class ClientUses
{
    private ClientUse _first;
    private ClientUse _second;
    private int _count;

    /// <summary>Adds one; there are two at most.</summary>
    internal void Add(ClientUse use)
    {
        if (_count++ == 0)
        {
            _first = use;
        }
        else
        {
            _second = use;
        }
    }

    /// <summary>Counts the connection no more. Once.</summary>
    /// <param name="now">The time that all loops share.</param>
    internal void Release(long now)
    {
        _first.Release(now);
        _second.Release(now);
    }
}
