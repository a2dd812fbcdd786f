using ProxyCore.Connections.Listening;

namespace ProxyCore.Connections;

/// <summary>Where a change leads the clients of a listener.</summary>
/// <param name="Listener">The listener.</param>
/// <param name="Routes">The routes of its endpoint.</param>
/// <param name="Acceptors">The loops that serve its clients.</param>
/// <param name="Rate">How fast it accepts; null is as fast as clients come.</param>
internal sealed record LedListener(Listener Listener, EndpointRoutes Routes, IReadOnlyList<IClientAcceptor> Acceptors, AcceptRate? Rate)
{
    /// <summary>Does so, on the listener's loop.</summary>
    internal void Lead() => Listener.Lead(Routes.Endpoint, Routes.First.Settings, Acceptors, Rate);
}
