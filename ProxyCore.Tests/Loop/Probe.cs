using System.Net.Sockets;
using ProxyCore.Loop;

namespace ProxyCore.Tests.Loop;

/// <summary>A watched socket whose handler is given by the test.</summary>
internal sealed class Probe(Socket socket, ILoopMember owner, Action<Interest>? onReady = null) : Watched(socket, owner)
{
    /// <summary>What it says of the bytes that have come to it.</summary>
    internal bool? Drained { get; set; }

    internal override bool? IsDrained => Drained;

    internal override void OnReady(Interest ready) => onReady?.Invoke(ready);
}
