using ProxyCore.Platform;

namespace ProxyCore.Connections.Listening;

/// <summary>Chooses the way of distribution that fits the system.</summary>
internal static class ClientSpreading
{
    /// <summary>
    /// Own listeners need a system that distributes clients over them. Linux does since 3.9 (socket(7), SO_REUSEPORT);
    /// macOS has the option and gives nearly all clients to one listener; Windows has no such option.
    /// </summary>
    internal static ClientSpread OfThisSystem =>
        TargetSystem.IsLinux ? ClientSpread.OwnListeners : ClientSpread.HandOver;
}
