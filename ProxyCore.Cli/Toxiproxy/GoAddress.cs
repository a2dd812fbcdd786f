using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections.Pools;
using ProxyCore.Connections.Sockets;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary>An address as Go's <c>net</c> package reads it: <c>HOST:PORT</c>, where an empty host is every address.</summary>
/// <param name="Host">The host, without brackets.</param>
/// <param name="Port">The port.</param>
internal readonly record struct GoAddress(string Host, int Port)
{
    private static readonly TimeSpan _longestLookup = TimeSpan.FromSeconds(5);
    private static readonly SharedLookups<IPAddress[]> _lookups = new(Dns.GetHostAddressesAsync);

    /// <exception cref="FormatException">It is none; the message is Go's.</exception>
    internal static GoAddress Parse(string text)
    {
        if (text.Length == 0)
        {
            return new GoAddress("", 0);
        }

        (string host, string port) = Split(text);
        return new GoAddress(host, ParsePort(port));
    }

    /// <summary>Where a proxy listens: an address that it can be bound to, names looked up.</summary>
    /// <exception cref="FormatException">It is none, or the name has no address; the message is Go's.</exception>
    internal static async Task<ListenAddress> ResolveAsync(string text, CancellationToken cancellationToken)
    {
        GoAddress address = Parse(text);
        return address.Host.Length == 0
            ? new ListenAddress(null, address.Port)
            : new ListenAddress(TryRead(address.Host) ?? await LookUpAsync(address.Host, cancellationToken), address.Port);
    }

    /// <summary>The same as an upstream of the library.</summary>
    /// <exception cref="ApiException">Nothing can be connected to there.</exception>
    internal static string ToUpstream(string text)
    {
        try
        {
            GoAddress address = Parse(text);
            IPAddress? read = TryRead(address.Host);

            // Go connects to this machine then, and so does the system.
            bool isHere = address.Host.Length == 0 || IPAddress.Any.Equals(read) || IPAddress.IPv6Any.Equals(read);
            string host = isHere ? "localhost" : address.Host.Contains(':') ? $"[{address.Host}]" : address.Host;
            return Endpoints.ParseUpstream(string.Create(CultureInfo.InvariantCulture, $"{host}:{address.Port}")).ToString();
        }
        catch (FormatException exception)
        {
            throw ApiException.BadUpstream(exception.Message);
        }
    }

    private static (string Host, string Port) Split(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            throw new FormatException($"address {text}: missing port in address");
        }

        if (text[0] != '[')
        {
            string host = text[..colon];
            return host.IndexOfAny([':', '[', ']']) < 0
                ? (host, text[(colon + 1)..])
                : throw new FormatException($"address {text}: {(host.Contains(':') ? "too many colons in" : "unexpected bracket in")} address");
        }

        int end = text.IndexOf(']');
        return end < 0 ? throw new FormatException($"address {text}: missing ']' in address")
            : end + 1 != colon ? throw new FormatException($"address {text}: missing port in address")
            : (text[1..end], text[(colon + 1)..]);
    }

    private static int ParsePort(string port)
    {
        if (port.Length == 0)
        {
            return 0;
        }

        if (!port.All(char.IsAsciiDigit))
        {
            throw new FormatException($"lookup tcp/{port}: unknown port");
        }

        return ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number)
            ? number
            : throw new FormatException($"address {port}: invalid port");
    }

    /// <summary>An address that is written as one; .NET also takes <c>1</c> and <c>010.0.0.1</c>.</summary>
    private static IPAddress? TryRead(string host)
    {
        if (!IPAddress.TryParse(host, out IPAddress? address) || (!host.Contains(':') && address.ToString() != host))
        {
            return null;
        }

        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private static async Task<IPAddress> LookUpAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            IPAddress[] found = await _lookups.LookUpAsync(host, cancellationToken).WaitAsync(_longestLookup, cancellationToken);

            // As Go, which takes the first IPv4 address where a name has both.
            return Array.Find(found, static one => one.AddressFamily == AddressFamily.InterNetwork)
                ?? found.FirstOrDefault() ?? throw new FormatException($"lookup {host}: no such host");
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException or ArgumentException)
        {
            string cause = exception is SocketException { SocketErrorCode: not SocketError.HostNotFound and var error }
                ? ConnectionErrors.Describe(error)
                : exception is TimeoutException ? "i/o timeout" : "no such host";
            throw new FormatException($"lookup {host}: {cause}", exception);
        }
    }
}
