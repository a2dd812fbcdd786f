namespace ProxyCore;

/// <summary>Chooses the route of a client, other than by the endpoint that it came to.</summary>
/// <remarks>
/// Called once for each client, on the thread of the loop that serves it: with several loops, from several threads at a
/// time. Every connection of that loop waits for it, so it must not wait itself. When it throws, its connection ends with
/// <see cref="EndReason.Fault"/>, and no other. With a selector each client costs two system calls more, for its addresses.
/// </remarks>
public interface IRouteSelector
{
    /// <summary>Chooses a route.</summary>
    /// <param name="client">The client, and the route that it came to.</param>
    /// <returns>The name of a route, which may be one that has no endpoint of its own; null for the one it came to.</returns>
    string? ChooseRoute(ClientInfo client);
}
