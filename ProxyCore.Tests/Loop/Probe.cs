using System.Net.Sockets;
using ProxyCore.Loop;

namespace ProxyCore.Tests.Loop;

/// <summary>A watched socket whose handler is given by the test.</summary>
internal sealed class Probe(Socket socket, ILoopMember owner, Action<Interest>? onReady = null) : Watched(socket, owner)
{
    internal override void OnReady(Interest ready) => onReady?.Invoke(ready);
}
