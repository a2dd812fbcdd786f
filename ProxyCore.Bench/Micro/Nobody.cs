using System.Net.Sockets;
using ProxyCore.Loop;

namespace ProxyCore.Bench.Micro;

/// <summary>An owner that is never in trouble, and what it watches.</summary>
internal sealed class Nobody : ILoopMember
{
    public void Fault(Exception exception) => throw exception;

    internal Watched Watch(Socket socket) => new Quiet(socket, this);

    private sealed class Quiet(Socket socket, ILoopMember owner) : Watched(socket, owner)
    {
        internal override void OnReady(Interest ready)
        {
        }
    }
}
