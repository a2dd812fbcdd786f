using System.Text;
using ProxyCore.Preread.Tls;

namespace ProxyCore.Preread;

/// <summary>The routes of one server name, told apart by ALPN.</summary>
internal sealed class AlpnRoutes
{
    /// <summary>No route.</summary>
    internal const int None = -1;

    private readonly List<(byte[] Protocol, int Index)> _byProtocol = [];
    private int _others = None;

    internal void Add(IReadOnlyList<string> alpn, int index)
    {
        if (alpn.Count == 0 && _others == None)
        {
            _others = index;
        }

        foreach (string protocol in alpn)
        {
            _byProtocol.Add((Encoding.UTF8.GetBytes(protocol), index));
        }
    }

    /// <summary>The route for the protocol that the client prefers among those that have one, else the route for all.</summary>
    internal int Find(ClientHello? hello)
    {
        int found = _others;
        int best = int.MaxValue;
        if (hello is not null)
        {
            foreach ((byte[] protocol, int index) in _byProtocol)
            {
                int preference = hello.PreferenceFor(protocol);
                if (preference >= 0 && preference < best)
                {
                    best = preference;
                    found = index;
                }
            }
        }

        return found;
    }
}
