using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Preread.ProxyProtocol;

/// <summary>
/// What HAProxy 2.6 says about the samples, where it is installed: the same, but for the differences that are named here.
/// Other versions may have other ones.
/// </summary>
internal sealed class HaproxyTests
{
    private const string Refused = "refused";

    // It does not check the numbers of version 1: they may be missing, too large, or begin with zeros.
    private static readonly string[] _numbersThatHaproxyAccepts =
    [
        "v1: a leading zero in an address", "v1: a single number", "v1: three octets", "v1: an octet of 256",
        "v1: a port with a leading zero", "v1: port 00", "v1: port 65536",
    ];

    // A receiver should accept these and keep the real addresses.
    private static readonly string[] _familiesThatHaproxyRefuses =
    [
        "v1: UNKNOWN with addresses", "v1: UNKNOWN with anything", "v1: UNKNOWN of 107 bytes",
        "v2: UNSPEC", "v2: UNSPEC with TLVs", "v2: a Unix socket", "v2: a Unix socket with TLVs",
    ];

    // It does not look into these TLVs.
    private static readonly string[] _valuesThatHaproxyAccepts =
    [
        "v2: an authority that is no UTF-8", "v2: a control character in an authority", "v2: a line end in an authority",
        "v2: a zero in an authority", "v2: a space in an authority", "v2: a direction mark in an authority",
        "v2: SSL of four bytes", "v2: TLS without a version", "v2: TLS with an empty version",
        "v2: a sub-TLV over the end", "v2: bytes left over in SSL",
    ];

    private static readonly string[] _addressesThatHaproxyKeepsMapped =
        ["v1: both addresses IPv4-mapped", "v2: both IPv4-mapped"];

    private static IEnumerable<string> Differences =>
    [
        .. _numbersThatHaproxyAccepts, .. _familiesThatHaproxyRefuses, .. _valuesThatHaproxyAccepts,
        .. _addressesThatHaproxyKeepsMapped,
    ];

    [Test]
    public async Task Haproxy_gives_the_same_addresses_but_for_the_known_differences()
    {
        if (!await IsInstalled())
        {
            Assert.Ignore("haproxy 2.6 is not installed");
        }

        DirectoryInfo directory = Directory.CreateTempSubdirectory("pc");
        string socket = Path.Combine(directory.FullName, "in");
        using Process haproxy = Start(directory, socket);
        try
        {
            await UntilListening(socket, haproxy);
            var differing = new List<string>();
            foreach (Sample sample in Samples.All)
            {
                string theirs = await AskAsync(socket, sample.Bytes);
                if (theirs != (sample.Addresses ?? Refused))
                {
                    differing.Add(sample.Name);
                    TestContext.Out.WriteLine($"{sample.Name}: haproxy {theirs}, here {sample.Addresses ?? Refused}");
                }
            }

            Assert.That(differing, Is.EquivalentTo(Differences));
        }
        finally
        {
            haproxy.Kill();
            await haproxy.WaitForExitAsync().WaitAsync(Bound.Wait);
            directory.Delete(recursive: true);
        }
    }

    /// <summary>A server over HTTP that answers with the addresses of the connection as it sees them.</summary>
    private static Process Start(DirectoryInfo directory, string socket)
    {
        string configuration = Path.Combine(directory.FullName, "haproxy.cfg");
        File.WriteAllText(configuration, $"""
            defaults
                mode http
                timeout client 5s
                timeout http-request 5s
            frontend in
                bind unix@{socket} accept-proxy
                http-request return status 200 content-type text/plain lf-string "%[src] %[src_port] %[dst] %[dst_port]"

            """);
        return Process.Start("haproxy", ["-db", "-q", "-f", configuration]);
    }

    private static async Task<bool> IsInstalled()
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("haproxy", ["-v"]) { RedirectStandardOutput = true })!;
            string version = await process.StandardOutput.ReadToEndAsync().WaitAsync(Bound.Wait);
            return version.StartsWith("HAProxy version 2.6.", StringComparison.Ordinal);
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static async Task UntilListening(string socket, Process haproxy)
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await probe.ConnectAsync(new UnixDomainSocketEndPoint(socket));
                return;
            }
            catch (SocketException) when (started.Elapsed < Bound.Wait && !haproxy.HasExited)
            {
                await Task.Delay(20);
            }
        }
    }

    /// <summary>The header and a request in one write: HAProxy resets a header that comes in pieces.</summary>
    private static async Task<string> AskAsync(string path, byte[] header)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        var received = new MemoryStream();
        try
        {
            await socket.SendAsync((byte[])[.. header, .. "GET / HTTP/1.0\r\n\r\n"u8]).WaitAsync(Bound.Wait);
            byte[] buffer = new byte[4096];
            while (await socket.ReceiveAsync(buffer).WaitAsync(Bound.Wait) is int count and > 0)
            {
                received.Write(buffer, 0, count);
            }
        }
        catch (SocketException)
        {
            // A reset is how it refuses.
        }

        string answer = Encoding.ASCII.GetString(received.ToArray());
        int body = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return answer.Contains(" 200 ", StringComparison.Ordinal) ? Normalize(answer[(body + 4)..]) : Refused;
    }

    /// <summary>In the form of the samples. HAProxy writes port 0 as nothing, and has no addresses of a Unix socket.</summary>
    private static string Normalize(string answer)
    {
        string[] parts = answer.Split(' ');
        return parts[0].Length == 0 ? Samples.Local : $"{EndPoint(parts[0], parts[1])} > {EndPoint(parts[2], parts[3])}";
    }

    private static IPEndPoint EndPoint(string address, string port) =>
        new(IPAddress.Parse(address), port.Length == 0 ? 0 : int.Parse(port, CultureInfo.InvariantCulture));
}
