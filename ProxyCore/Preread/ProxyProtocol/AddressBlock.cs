using System.Net;
using System.Net.Sockets;

namespace ProxyCore.Preread.ProxyProtocol;

/// <summary>The two addresses of a header in one family: both IPv4, or both IPv6.</summary>
internal readonly struct AddressBlock
{
    private readonly IPEndPoint _source;
    private readonly IPEndPoint _destination;

    private AddressBlock(IPEndPoint source, IPEndPoint destination)
    {
        _source = source;
        _destination = destination;
        IsIPv6 = !IsIPv4(source.Address) || !IsIPv4(destination.Address);
    }

    /// <summary>Whether one of them is a plain IPv6 address: then the other is written as IPv6, too.</summary>
    internal bool IsIPv6 { get; }

    internal int SourcePort => _source.Port;

    internal int DestinationPort => _destination.Port;

    private int AddressLength => IsIPv6 ? Wire.Address6Length : Wire.Address4Length;

    /// <summary>The addresses of a content; null if the header has none.</summary>
    internal static AddressBlock? Of(in ProxyHeaderContent content) =>
        !content.IsLocal && content.Source is IPEndPoint source && content.Destination is IPEndPoint destination
            ? new AddressBlock(source, destination)
            : null;

    /// <summary>The bytes of the source, in a buffer of 16.</summary>
    internal ReadOnlySpan<byte> SourceBytes(Span<byte> buffer) => Bytes(_source.Address, buffer);

    /// <summary>The bytes of the destination, in a buffer of 16.</summary>
    internal ReadOnlySpan<byte> DestinationBytes(Span<byte> buffer) => Bytes(_destination.Address, buffer);

    private static bool IsIPv4(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6;

    private ReadOnlySpan<byte> Bytes(IPAddress address, Span<byte> buffer)
    {
        ReadOnlySpan<byte> mappedPrefix = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF];
        Span<byte> bytes = buffer[..Wire.Address6Length];
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            mappedPrefix.CopyTo(bytes);
            address.TryWriteBytes(bytes[mappedPrefix.Length..], out _);
        }
        else
        {
            address.TryWriteBytes(bytes, out _);
        }

        return bytes[^AddressLength..];
    }
}
