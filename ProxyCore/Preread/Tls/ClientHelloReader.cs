using ProxyCore.Settings;

namespace ProxyCore.Preread.Tls;

/// <summary>Reads the whole body of a ClientHello (RFC 8446, section 4.1.2; RFC 5246, section 7.4.1.2).</summary>
internal static class ClientHelloReader
{
    private const int VersionAndRandom = 2 + 32;
    private const int MaxSessionId = 32;

    /// <param name="body">The message after its type and length.</param>
    /// <param name="hello">What it says; null if it is invalid.</param>
    internal static ClientHelloError Read(ReadOnlySpan<byte> body, out ClientHello? hello)
    {
        hello = null;
        var reader = new FieldReader(body);
        if (!reader.TryTake(VersionAndRandom, out _)
            || !reader.TryTakeVector8(out ReadOnlySpan<byte> session) || session.Length > MaxSessionId
            || !reader.TryTakeVector16(out ReadOnlySpan<byte> suites) || suites.IsEmpty || suites.Length % sizeof(ushort) != 0
            || !reader.TryTakeVector8(out ReadOnlySpan<byte> compressions) || compressions.IsEmpty)
        {
            return ClientHelloError.Fields;
        }

        // Before TLS 1.3 a client may send no extensions at all.
        ReadOnlySpan<byte> extensions = [];
        if (!reader.IsEmpty && (!reader.TryTakeVector16(out extensions) || !reader.IsEmpty))
        {
            return ClientHelloError.Fields;
        }

        var found = default(Extensions);
        ClientHelloError error = found.Collect(extensions);
        return error == ClientHelloError.None ? Make(found, out hello) : error;
    }

    private static ClientHelloError Make(Extensions found, out ClientHello? hello)
    {
        hello = null;
        string? name = null;
        ClientHelloError error = found.HasServerName ? ReadServerName(found.ServerName, out name) : ClientHelloError.None;
        if (error == ClientHelloError.None && found.HasAlpn)
        {
            error = CheckAlpn(found.Alpn, out found.Alpn);
        }

        if (error == ClientHelloError.None)
        {
            hello = new ClientHello(name, found.Alpn)
            {
                HasEncryptedHello = found.HasEncryptedHello,
                HasEarlyData = found.HasEarlyData,
            };
        }

        return error;
    }

    /// <summary>RFC 6066, section 3. Names of unknown types are skipped.</summary>
    private static ClientHelloError ReadServerName(ReadOnlySpan<byte> data, out string? name)
    {
        name = null;
        if (!TryTakeList(data, out ReadOnlySpan<byte> list))
        {
            return ClientHelloError.ServerNameList;
        }

        ReadOnlySpan<byte> host = [];
        for (var reader = new FieldReader(list); !reader.IsEmpty;)
        {
            if (!reader.TryTakeByte(out byte type) || !reader.TryTakeVector16(out ReadOnlySpan<byte> entry) || entry.IsEmpty)
            {
                return ClientHelloError.ServerNameList;
            }

            if (type == 0)
            {
                if (!host.IsEmpty)
                {
                    return ClientHelloError.SeveralServerNames;
                }

                host = entry;
            }
        }

        return host.IsEmpty || ServerName.TryNormalize(host, out name) ? ClientHelloError.None : ClientHelloError.ServerName;
    }

    /// <summary>RFC 7301, section 3.1.</summary>
    private static ClientHelloError CheckAlpn(ReadOnlySpan<byte> data, out ReadOnlySpan<byte> list)
    {
        if (!TryTakeList(data, out list))
        {
            return ClientHelloError.AlpnList;
        }

        for (var reader = new FieldReader(list); !reader.IsEmpty;)
        {
            if (!reader.TryTakeVector8(out ReadOnlySpan<byte> protocol) || protocol.IsEmpty)
            {
                return ClientHelloError.AlpnList;
            }
        }

        return ClientHelloError.None;
    }

    /// <summary>A list that fills its extension and is not empty.</summary>
    private static bool TryTakeList(ReadOnlySpan<byte> data, out ReadOnlySpan<byte> list)
    {
        var reader = new FieldReader(data);
        return reader.TryTakeVector16(out list) && reader.IsEmpty && !list.IsEmpty;
    }
}
