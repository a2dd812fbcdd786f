using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary>Where a proxy is to listen.</summary>
/// <param name="Address">The address; null for every one.</param>
/// <param name="Port">The port; 0 lets the system choose.</param>
internal readonly record struct ListenAddress(IPAddress? Address, int Port)
{
    /// <summary>
    /// As an endpoint of the library. Every IPv4 address stands for every IPv6 one too, as with Go, which binds one socket
    /// for both.
    /// </summary>
    internal ListenOptions ToOptions() => Address is null || Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any)
        ? new ListenOptions(string.Create(CultureInfo.InvariantCulture, $"*:{Port}"))
        : new ListenOptions(new IPEndPoint(Address, Port).ToString());

    /// <summary>What the system said when it could not be bound, in Go's words.</summary>
    internal string Describe(ListenException exception) => $"listen tcp {this}: bind: " + exception.SocketError switch
    {
        SocketError.AddressAlreadyInUse => "address already in use",
        SocketError.AddressNotAvailable => "cannot assign requested address",
        SocketError.AccessDenied => "permission denied",
        SocketError.TooManyOpenSockets => "too many open files",
        SocketError.SocketError => exception.Message,
        var error => new SocketException((int)error).Message,
    };

    /// <summary>As Go writes it.</summary>
    public override string ToString() => Address is null
        ? string.Create(CultureInfo.InvariantCulture, $":{Port}")
        : new IPEndPoint(Address, Port).ToString();
}
