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
/// </summary>
internal sealed class HaproxyTests
{
    private const string Refused = "refused";

    // Accepted there and refused here, or the other way round, or with other addresses.
    private static readonly HashSet<string> _differences =
    [
    ];

    [Test]
    public async Task Haproxy_gives_the_same_addresses_but_for_the_known_differences()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("pc");
        string socket = Path.Combine(directory.FullName, "in");
        using Process? haproxy = Start(directory, socket);
        if (haproxy is null)
        {
            directory.Delete(recursive: true);
            Assert.Ignore("haproxy is not installed");
        }

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

            Assert.That(differing, Is.EquivalentTo(_differences));
        }
        finally
        {
            haproxy.Kill();
            await haproxy.WaitForExitAsync().WaitAsync(Bound.Wait);
            directory.Delete(recursive: true);
        }
    }

    /// <summary>A server over HTTP that answers with the addresses of the connection as it sees them.</summary>
    private static Process? Start(DirectoryInfo directory, string socket)
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
        try
        {
            return Process.Start(new ProcessStartInfo("haproxy", ["-db", "-q", "-f", configuration]));
        }
        catch (Win32Exception)
        {
            return null;
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
