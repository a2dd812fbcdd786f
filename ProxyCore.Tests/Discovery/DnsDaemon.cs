using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ProxyCore.Cli.Discovery;
using ProxyCore.Tests.Cli;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Discovery;

/// <summary>A real server of the DNS, as a process on a port of loopback. Disposing of it kills the process.</summary>
internal sealed class DnsDaemon : IAsyncDisposable
{
    private const int Attempts = 5;

    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    private DnsDaemon(string program, Func<IPEndPoint, string, (string Configuration, string[] Arguments)> configure, IPEndPoint endpoint)
    {
        Endpoint = endpoint;
        string file = Path.Combine(_folder.FullName, "conf");
        (string configuration, string[] arguments) = configure(endpoint, _folder.FullName);
        File.WriteAllText(file, configuration);
        _process = Process.Start(new ProcessStartInfo(program, [.. arguments.Select(one => one.Replace("FILE", file))])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
    }

    internal IPEndPoint Endpoint { get; }

    /// <summary>Starts dnsmasq with lines of its configuration.</summary>
    internal static Task<DnsDaemon> StartDnsmasq(params string[] lines) => Start("dnsmasq", (endpoint, _) => (
        $"""
        port={endpoint.Port}
        listen-address={endpoint.Address}
        bind-interfaces
        no-resolv
        no-hosts
        {(Environment.IsPrivilegedProcess ? "user=root" : "")}
        pid-file
        local=/test/
        {string.Join('\n', lines)}
        """,
        ["--keep-in-foreground", "--conf-file=FILE"]));

    /// <summary>Starts unbound with records of the zone test.</summary>
    internal static Task<DnsDaemon> StartUnbound(params string[] records) => Start("unbound", (endpoint, folder) => (
        $"""
        server:
          interface: {endpoint.Address}@{endpoint.Port}
          port: {endpoint.Port}
          num-threads: 1
          do-daemonize: no
          use-syslog: no
          username: ""
          chroot: ""
          directory: "{folder}"
          pidfile: ""
          module-config: "iterator"
          local-zone: "test." static
          {string.Join("\n  ", records.Select(static one => $"local-data: \"{one}\""))}
        remote-control:
          control-enable: no
        """,
        ["-d", "-p", "-c", "FILE"]));

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Bound.Wait);
        _process.Dispose();
        _folder.Dispose();
    }

    /// <summary>A port that is free now may be taken a moment later: then it is tried with another.</summary>
    private static async Task<DnsDaemon> Start(string name, Func<IPEndPoint, string, (string Configuration, string[] Arguments)> configure)
    {
        string program = Find(name);
        for (int attempt = 1; ; attempt++)
        {
            var daemon = new DnsDaemon(program, configure, FreePort());
            if (await daemon.Answers())
            {
                return daemon;
            }

            string said = await daemon._process.StandardError.ReadToEndAsync() + await daemon._process.StandardOutput.ReadToEndAsync();
            await daemon.DisposeAsync();
            Assert.That(attempt, Is.LessThan(Attempts), $"{name} does not start: {said}");
        }
    }

    private static string Find(string name)
    {
        string? path = ((string[])[.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), "/usr/sbin"])
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (path is null)
        {
            Assert.Ignore($"{name} is not installed: apt-get install {(name == "dnsmasq" ? "dnsmasq-base" : name)}");
        }

        return path!;
    }

    private static IPEndPoint FreePort()
    {
        using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)udp.LocalEndPoint!;
    }

    /// <summary>Waits until it answers; false when it has ended.</summary>
    private async Task<bool> Answers()
    {
        var resolver = new DnsResolver(SrvTesting.Settings with { Servers = [Endpoint], Timeout = TimeSpan.FromMilliseconds(200) });
        var started = Stopwatch.StartNew();
        while (!_process.HasExited)
        {
            try
            {
                await resolver.FindServersAsync("_none._tcp.test");
                return true;
            }
            catch (DnsException) when (started.Elapsed < Bound.Wait)
            {
                await Task.Delay(10);
            }
        }

        return false;
    }
}
