using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ProxyCore.Settings;

namespace ProxyCore.Connections;

/// <summary>Which clients are meant, by their addresses. Immutable.</summary>
internal sealed class ClientMatch
{
    private readonly AddressRange? _range;
    private readonly int? _port;

    private ClientMatch(AddressRange? range, int? port)
    {
        _range = range;
        _port = port;
    }

    /// <summary>Reads an address, a range, an address with a port, or <see cref="ConnectionFilter.Unix"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="match">What it means.</param>
    /// <param name="cause">What is wrong with it; null if nothing is.</param>
    internal static bool TryParse(string text, [NotNullWhen(true)] out ClientMatch? match, [NotNullWhen(false)] out string? cause)
    {
        match = null;
        if (text == ConnectionFilter.Unix)
        {
            cause = null;
            match = new ClientMatch(range: null, port: null);
            return true;
        }

        (string address, int? port) = SplitPort(text);
        if (AddressRange.TryParse(address, out AddressRange range, out cause))
        {
            match = new ClientMatch(range, port);
        }

        return match is not null;
    }

    internal bool Matches(EndPoint? client) => (client, _range) switch
    {
        (IPEndPoint ip, { } range) => (_port is null || _port == ip.Port) && range.Contains(ip.Address),
        (UnixDomainSocketEndPoint, null) => true,
        _ => false,
    };

    /// <summary>An IPv6 address with a port stands in brackets; a range has no port.</summary>
    private static (string Address, int? Port) SplitPort(string text)
    {
        int colon = text.LastIndexOf(':');
        bool isBracketed = text.StartsWith('[') && colon > 0 && text[colon - 1] == ']';
        bool isV4 = colon > 0 && colon == text.IndexOf(':') && !text.Contains('/');
        if ((!isBracketed && !isV4)
            || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            return (text, null);
        }

        return (isBracketed ? text[1..(colon - 1)] : text[..colon], port);
    }
}
