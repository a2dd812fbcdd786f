using System.Net;
using System.Net.Sockets;

namespace ProxyCore.Connections.Listening;

/// <summary>The path of a Unix socket to bind to.</summary>
/// <remarks>
/// A socket that was bound with <see cref="UnixDomainSocketEndPoint"/> deletes the file at its path when it is disposed
/// of, even one that another process has put there since. With any other type of endpoint it leaves the file alone.
/// </remarks>
internal sealed class UnixSocketAddress(string path) : EndPoint
{
    private readonly UnixDomainSocketEndPoint _address = new(path);

    public override AddressFamily AddressFamily => AddressFamily.Unix;

    public override SocketAddress Serialize() => _address.Serialize();

    public override EndPoint Create(SocketAddress socketAddress) => _address.Create(socketAddress);

    public override string ToString() => _address.ToString();
}
