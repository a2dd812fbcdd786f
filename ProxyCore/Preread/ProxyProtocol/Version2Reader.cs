using System.Buffers.Binary;
using System.Net;

namespace ProxyCore.Preread.ProxyProtocol;

/// <summary>Reads version 2: the fixed prefix, the addresses of the family, the TLVs, as far as they have come.</summary>
internal static class Version2Reader
{
    /// <summary>Neither a header nor an error: more bytes belong to it.</summary>
    internal static ProxyHeaderError Read(ReadOnlySpan<byte> received, int limit, out ProxyHeader? header, out int length)
    {
        header = null;
        length = 0;
        ProxyHeaderError error = CheckPrefix(received, limit);
        if (error != ProxyHeaderError.None)
        {
            return error;
        }

        if (received.Length < Wire.PrefixLength)
        {
            return received.Length < limit ? ProxyHeaderError.None : ProxyHeaderError.TooLarge;
        }

        int total = LengthOf(received);
        if (IsLocal(received))
        {
            // Its family, addresses and TLVs have no meaning, but its length counts.
            header = received.Length < total ? null : new ProxyHeader { Version = ProxyProtocolVersion.V2 };
        }
        else
        {
            error = ReadProxied(received[..Math.Min(received.Length, total)], total, out header);
        }

        length = header is null ? 0 : total;
        return error;
    }

    /// <summary>Checks the first 16 bytes, as many as are there.</summary>
    private static ProxyHeaderError CheckPrefix(ReadOnlySpan<byte> received, int limit)
    {
        int count = Math.Min(received.Length, Wire.Signature.Length);
        if (!received[..count].SequenceEqual(Wire.Signature[..count]))
        {
            return ProxyHeaderError.NotAHeader;
        }

        ProxyHeaderError error = received.Length > Wire.CommandOffset
            ? CheckCommand(received[Wire.CommandOffset])
            : ProxyHeaderError.None;
        if (error == ProxyHeaderError.None && received.Length > Wire.FamilyOffset && !IsLocal(received))
        {
            error = CheckFamily(received[Wire.FamilyOffset]);
        }

        if (error == ProxyHeaderError.None && received.Length >= Wire.PrefixLength)
        {
            error = LengthOf(received) > limit ? ProxyHeaderError.TooLarge
                : !IsLocal(received) && LengthOf(received) < EndOfAddresses(received) ? ProxyHeaderError.AddressesCut
                : ProxyHeaderError.None;
        }

        return error;
    }

    private static ProxyHeaderError CheckCommand(byte value) =>
        value >> 4 != Wire.Version2 ? ProxyHeaderError.UnknownVersion
        : (value & 0xF) is Wire.Local or Wire.Proxy ? ProxyHeaderError.None
        : ProxyHeaderError.UnknownCommand;

    private static ProxyHeaderError CheckFamily(byte value) => value switch
    {
        Wire.Unspecified or Wire.Tcp4 or Wire.Tcp6 or Wire.UnixStream => ProxyHeaderError.None,
        Wire.Udp4 or Wire.Udp6 or Wire.UnixDatagram => ProxyHeaderError.Datagram,
        _ => ProxyHeaderError.UnknownFamily,
    };

    private static ProxyHeaderError ReadProxied(ReadOnlySpan<byte> received, int total, out ProxyHeader? header)
    {
        header = null;
        int tlvs = EndOfAddresses(received);
        var reader = new TlvReader(received[Math.Min(tlvs, received.Length)..], total - tlvs);
        ProxyHeaderError error = reader.Read();
        if (error != ProxyHeaderError.None || received.Length < total)
        {
            return error;
        }

        if (reader.ChecksumAt is int at && !IsChecksumRight(received, tlvs + at))
        {
            return ProxyHeaderError.Checksum;
        }

        (IPEndPoint Source, IPEndPoint Destination)? pair = ReadAddresses(received);
        header = reader.MakeHeader(pair?.Source, pair?.Destination);
        return ProxyHeaderError.None;
    }

    private static bool IsChecksumRight(ReadOnlySpan<byte> header, int at) =>
        BinaryPrimitives.ReadUInt32BigEndian(header[at..]) == Crc32C.ComputeWithout(header, at);

    private static (IPEndPoint Source, IPEndPoint Destination)? ReadAddresses(ReadOnlySpan<byte> header)
    {
        int size = header[Wire.FamilyOffset] switch
        {
            Wire.Tcp4 => Wire.Address4Length,
            Wire.Tcp6 => Wire.Address6Length,
            _ => 0,
        };
        if (size == 0)
        {
            return null;
        }

        ReadOnlySpan<byte> block = header[Wire.PrefixLength..];
        ReadOnlySpan<byte> ports = block[(2 * size)..];
        return EndPointPair.Of(
            new IPAddress(block[..size]),
            BinaryPrimitives.ReadUInt16BigEndian(ports),
            new IPAddress(block.Slice(size, size)),
            BinaryPrimitives.ReadUInt16BigEndian(ports[sizeof(ushort)..]));
    }

    private static bool IsLocal(ReadOnlySpan<byte> header) => (header[Wire.CommandOffset] & 0xF) == Wire.Local;

    private static int LengthOf(ReadOnlySpan<byte> header) =>
        Wire.PrefixLength + BinaryPrimitives.ReadUInt16BigEndian(header[Wire.LengthOffset..]);

    private static int EndOfAddresses(ReadOnlySpan<byte> header) => Wire.PrefixLength + header[Wire.FamilyOffset] switch
    {
        Wire.Tcp4 => Wire.Tcp4Length,
        Wire.Tcp6 => Wire.Tcp6Length,
        Wire.UnixStream => Wire.UnixLength,
        _ => 0,
    };
}
