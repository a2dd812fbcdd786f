namespace ProxyCore;

/// <summary>Observes the health of upstreams.</summary>
/// <remarks>
/// Called on the thread of the proxy's first loop. Every connection of that loop waits meanwhile, so a method must not
/// wait itself: it puts the report into a queue of its own and returns. An exception is logged and has no other effect.
/// </remarks>
public interface IUpstreamObserver
{
    /// <summary>
    /// An upstream went out or down, or came up again, as the log says it. Not called for upstreams that a change of the
    /// options or a look-up adds or removes, nor for the one connection that tries an upstream which is out.
    /// </summary>
    /// <param name="upstream">The upstream and its new state.</param>
    void OnStateChanged(UpstreamReport upstream);
}
