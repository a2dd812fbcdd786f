using System.Buffers;
using System.Diagnostics;
using System.Net;
using ProxyCore.Settings;

namespace ProxyCore.Preread.ProxyProtocol;

/// <summary>Reads version 1: one line of text, field by field, as far as it has come.</summary>
internal ref struct Version1Reader
{
    private const int MaxAddress4 = 15;
    private const int MaxAddress6 = 45;
    private const int MaxPortDigits = 5;

    // An IPv6 address may end in an IPv4 one.
    private static readonly SearchValues<byte> _address4 = SearchValues.Create("0123456789."u8);
    private static readonly SearchValues<byte> _address6 = SearchValues.Create("0123456789abcdefABCDEF:."u8);
    private static readonly SearchValues<byte> _port = SearchValues.Create("0123456789"u8);

    private readonly ReadOnlySpan<byte> _line;
    private int _at;
    private ProxyHeaderError _error;

    private Version1Reader(ReadOnlySpan<byte> line) => _line = line;

    private readonly ReadOnlySpan<byte> Rest => _line[_at..];

    /// <summary>Neither a header nor an error: the line goes on.</summary>
    internal static ProxyHeaderError Read(
        ReadOnlySpan<byte> received, int limit, out ProxyHeader? header, out int length)
    {
        int most = Math.Min(limit, Wire.MaxLine);
        received = received[..Math.Min(received.Length, most)];
        var reader = new Version1Reader(received);
        header = reader.ReadLine();
        length = header is null ? 0 : reader._at;
        return header is null && reader._error == ProxyHeaderError.None && received.Length == most
            ? ProxyHeaderError.LineTooLong
            : reader._error;
    }

    private ProxyHeader? ReadLine()
    {
        if (!Take("PROXY "u8, ProxyHeaderError.NotAHeader) || Rest.IsEmpty)
        {
            return null;
        }

        return Rest[0] == (byte)'U' ? ReadUnknown() : ReadAddresses();
    }

    /// <summary>What stands between UNKNOWN and the end of the line has no meaning.</summary>
    private ProxyHeader? ReadUnknown()
    {
        if (!Take("UNKNOWN"u8, ProxyHeaderError.Protocol) || Rest.IsEmpty)
        {
            return null;
        }

        if (Rest[0] is not ((byte)' ' or (byte)'\r' or (byte)'\n'))
        {
            return Fail(ProxyHeaderError.Protocol);
        }

        int end = Rest.IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0)
        {
            return null;
        }

        _at += end;
        return Take("\r\n"u8, ProxyHeaderError.LineEnding) ? new ProxyHeader { Version = ProxyProtocolVersion.V1 } : null;
    }

    private ProxyHeader? ReadAddresses()
    {
        if (!Take("TCP"u8, ProxyHeaderError.Protocol) || Rest.IsEmpty)
        {
            return null;
        }

        bool isIPv6 = Rest[0] == (byte)'6';
        _at++;
        if (!isIPv6 && _line[_at - 1] != (byte)'4')
        {
            return Fail(ProxyHeaderError.Protocol);
        }

        if (!TakeSeparator((byte)' ', ProxyHeaderError.Protocol)
            || !TakeAddress(isIPv6, out ReadOnlySpan<byte> source)
            || !TakeAddress(isIPv6, out ReadOnlySpan<byte> destination)
            || !TakePort((byte)' ', out int sourcePort)
            || !TakePort((byte)'\r', out int destinationPort)
            || !Take("\n"u8, ProxyHeaderError.LineEnding))
        {
            return null;
        }

        (IPEndPoint from, IPEndPoint to) =
            EndPointPair.Of(Parse(source), sourcePort, Parse(destination), destinationPort);
        return new ProxyHeader { Version = ProxyProtocolVersion.V1, Source = from, Destination = to };
    }

    /// <summary>The text of a valid address. Only the whole line makes it an object: a part of one allocates nothing.</summary>
    private bool TakeAddress(bool isIPv6, out ReadOnlySpan<byte> text)
    {
        SearchValues<byte> characters = isIPv6 ? _address6 : _address4;
        int most = isIPv6 ? MaxAddress6 : MaxAddress4;
        if (!TakeField(characters, most, ProxyHeaderError.Address, out text)
            || !TakeSeparator((byte)' ', ProxyHeaderError.Address))
        {
            return false;
        }

        if (isIPv6 ? StrictAddress.IsV6(text) : StrictAddress.IsV4(text))
        {
            return true;
        }

        Fail(ProxyHeaderError.Address);
        return false;
    }

    private static IPAddress Parse(ReadOnlySpan<byte> text) =>
        StrictAddress.TryParse(text, out IPAddress? address) ? address : throw new UnreachableException();

    private bool TakePort(byte separator, out int port)
    {
        bool isWhole = TakeField(_port, MaxPortDigits, ProxyHeaderError.Port, out ReadOnlySpan<byte> digits);
        port = 0;
        foreach (byte digit in digits)
        {
            port = (port * 10) + (digit - '0');
        }

        if (port > IPEndPoint.MaxPort || (digits.Length > 1 && digits[0] == (byte)'0'))
        {
            Fail(ProxyHeaderError.Port);
            return false;
        }

        return isWhole && TakeSeparator(separator, ProxyHeaderError.Port);
    }

    /// <summary>The characters that belong to a field. False if there are none or too many, or if more may follow.</summary>
    private bool TakeField(SearchValues<byte> characters, int most, ProxyHeaderError error, out ReadOnlySpan<byte> field)
    {
        int end = Rest.IndexOfAnyExcept(characters);
        int count = end < 0 ? Rest.Length : end;
        field = Rest[..Math.Min(count, most)];
        if (count > most)
        {
            Fail(error);
            return false;
        }

        if (end == 0)
        {
            FailAt(error);
            return false;
        }

        _at += count;
        return end > 0;
    }

    private bool TakeSeparator(byte separator, ProxyHeaderError otherwise)
    {
        if (Rest.IsEmpty)
        {
            return false;
        }

        if (Rest[0] != separator)
        {
            FailAt(otherwise);
            return false;
        }

        _at++;
        return true;
    }

    /// <summary>Whether all of the text is there. A byte that differs is an error; fewer bytes are none.</summary>
    private bool Take(ReadOnlySpan<byte> text, ProxyHeaderError otherwise)
    {
        int count = Math.Min(text.Length, Rest.Length);
        if (!Rest[..count].SequenceEqual(text[..count]))
        {
            Fail(otherwise);
            return false;
        }

        _at += count;
        return count == text.Length;
    }

    /// <summary>A byte that ends a field where it must not: either the separator is wrong, or the field itself.</summary>
    private void FailAt(ProxyHeaderError otherwise) => Fail(Rest[0] switch
    {
        (byte)' ' or (byte)'\r' => ProxyHeaderError.Fields,
        (byte)'\n' => ProxyHeaderError.LineEnding,
        _ => otherwise,
    });

    private ProxyHeader? Fail(ProxyHeaderError error)
    {
        _error = error;
        return null;
    }
}
