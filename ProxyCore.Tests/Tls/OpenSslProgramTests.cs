using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ProxyCore.Relay.Transports;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Tls;

/// <summary>OpenSSL's own programs as the peers.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.All))]
internal sealed class OpenSslProgramTests(TlsEngineKind kind) : TlsFixture(kind)
{
    private string _folder = null!;

    [SetUp]
    public void WriteFiles()
    {
        _folder = Directory.CreateTempSubdirectory("proxycore-tls-").FullName;
        File.WriteAllText(Path.Combine(_folder, "ca.crt"), Certificates.Root.ExportCertificatePem());
        Certificate.WriteTo(_folder);
        Certificates.IssueClient("CN=worker").WriteTo(_folder, "client");
    }

    [TearDown]
    public void DeleteFiles() => Directory.Delete(_folder, recursive: true);

    [TestCase("-tls1_2", "TLSv1.2")]
    [TestCase("-tls1_3", "TLSv1.3")]
    public async Task A_client_of_openssl_is_served(string version, string name)
    {
        using Process program = Start($"s_client -quiet -no_ign_eof {version} -verify_return_error -verify_hostname {Name} -alpn h2 -cert client.crt -key client.key", out Socket socket);
        TlsEnd server = Accept(
            ServerContext(parameters => parameters with { Alpn = ["h2"], ClientCertificates = ClientCertificateMode.Required, ClientCa = Certificates.Ca }),
            socket);

        Assert.That(server.Handshake(), Is.EqualTo(HandshakeStatus.Done), server.Transport.FailureCause);
        TlsInfo info = server.Transport.Describe();
        Assert.That((info.Version, info.Alpn, info.PeerSubject), Is.EqualTo((name, "h2", "CN=worker")));
        server.Send("hello\n"u8);
        Assert.That(await Line(program), Is.EqualTo("hello"));
        server.EndSending();
        await Bound.Within("the end of the program", program.WaitForExitAsync());
        Assert.That(program.ExitCode, Is.Zero);
    }

    [TestCase("-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384")]
    [TestCase("-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")]
    public void The_server_chooses_the_cipher_by_its_own_order(string offer, string chosen)
    {
        using Process program = Start($"s_client {offer}", out Socket socket);
        TlsEnd server = Accept(ServerContext(), socket);

        Assert.That(server.Handshake(), Is.EqualTo(HandshakeStatus.Done), server.Transport.FailureCause);

        Assert.That(server.Transport.Describe().Cipher, Is.EqualTo(chosen));
        program.Kill();
    }

    [TestCase("-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384")]
    [TestCase("-tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384")]
    public void A_client_that_puts_ChaCha20_first_gets_it(string offer)
    {
        Assume.That(Kind, Is.EqualTo(TlsEngineKind.OpenSsl), "SslStream has no setting for it");
        using Process program = Start($"s_client {offer}", out Socket socket);
        TlsEnd server = Accept(ServerContext(), socket);

        Assert.That(server.Handshake(), Is.EqualTo(HandshakeStatus.Done), server.Transport.FailureCause);

        Assert.That(server.Transport.Describe().Cipher, Does.Contain("CHACHA20"));
        program.Kill();
    }

    [Test]
    public async Task A_key_exchange_in_a_finite_field_is_refused()
    {
        Assume.That(Kind, Is.EqualTo(TlsEngineKind.OpenSsl), "SslStream has no setting for it");
        using Process program = Start("s_client -tls1_3 -groups ffdhe8192", out Socket socket);
        TlsEnd server = Accept(ServerContext(), socket);

        Assert.That(server.Handshake(), Is.EqualTo(HandshakeStatus.Failed));
        Assert.That(server.Transport.FailureCause, Is.EqualTo("the client and the proxy have no group for the key exchange in common"));
        await Bound.Within("the end of the program", program.WaitForExitAsync());
        Assert.That(program.ExitCode, Is.Not.Zero);
    }

    [Test]
    public async Task A_client_that_asks_for_new_keys_gets_them()
    {
        using Process program = Start("s_client -tls1_3", out Socket socket);
        TlsEnd server = Accept(ServerContext(), socket);
        Assert.That(server.Handshake(), Is.EqualTo(HandshakeStatus.Done), server.Transport.FailureCause);

        // A line "K" updates the keys of the client and asks the server to do the same.
        for (int update = 0; update < 3; update++)
        {
            await program.StandardInput.WriteAsync("K\n");
            await program.StandardInput.FlushAsync();
            while (await Bound.Within("the update", token => program.StandardError.ReadLineAsync(token)) != "KEYUPDATE")
            {
            }

            await program.StandardInput.WriteAsync("hello\n");
            await program.StandardInput.FlushAsync();
            Assert.That(server.ReceiveExactly(6), Is.EqualTo("hello\n"u8.ToArray()));
            server.Send("back\n"u8);
            while (await Line(program) != "back")
            {
            }
        }
    }

    [TestCase("-tls1_2")]
    [TestCase("-tls1_3")]
    public async Task A_server_of_openssl_is_verified_and_gets_our_certificate(string version)
    {
        using Process program = Start($"s_server -accept 127.0.0.1:0 {version} -cert server.crt -key server.key -Verify 1 -verify_return_error -CAfile ca.crt -rev");
        IPEndPoint address = await AddressOf(program);
        Socket socket = Own(new Socket(SocketType.Stream, ProtocolType.Tcp));
        socket.Connect(address);
        socket.Blocking = false;
        TlsEnd client = ConnectTo(ClientContext(parameters => parameters with { Identity = Certificates.IssueClient("CN=worker").Identity }), socket);

        Assert.That(client.Handshake(), Is.EqualTo(HandshakeStatus.Done), client.Transport.FailureCause);
        client.Send("hello\n"u8);

        Assert.That(client.ReceiveExactly(6), Is.EqualTo("olleh\n"u8.ToArray()));
        program.Kill();
    }

    private static async Task<string?> Line(Process program) =>
        await Bound.Within("a line of the program", token => program.StandardOutput.ReadLineAsync(token));

    private static async Task<IPEndPoint> AddressOf(Process program)
    {
        while (await Line(program) is { } line)
        {
            if (line.StartsWith("ACCEPT ", StringComparison.Ordinal))
            {
                return IPEndPoint.Parse(line["ACCEPT ".Length..]);
            }
        }

        throw new InvalidDataException("The program says no address.");
    }

    /// <summary>Starts a client that connects to us; returns our end.</summary>
    private Process Start(string arguments, out Socket accepted)
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        Process program = Start(string.Create(CultureInfo.InvariantCulture, $"{arguments} -connect 127.0.0.1:{port} -servername {Name} -CAfile ca.crt"));
        listener.WaitReadable();
        accepted = Own(listener.Accept());
        accepted.Blocking = false;
        return program;
    }

    private Process Start(string arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("The program openssl is not installed.");
            throw;
        }
    }
}
