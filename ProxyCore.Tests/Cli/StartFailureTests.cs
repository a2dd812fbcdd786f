using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ProxyCore.Cli;
using ProxyCore.Tests.Tls;

namespace ProxyCore.Tests.Cli;

[Parallelizable(ParallelScope.Self)]
internal sealed class StartFailureTests
{
    [TestCase("127.0.0.1:{0}", "1")]
    [TestCase("localhost:{0}", "1")]
    [TestCase("*:{0}", "1")]
    [TestCase("localhost:{0}", "4")]
    public async Task A_port_in_use_is_one_line_and_exit_code_1(string format, string loops)
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        string endpoint = string.Format(CultureInfo.InvariantCulture, format, ((IPEndPoint)holder.LocalEndpoint).Port);

        await CannotListen(endpoint, "in use", "--listen", endpoint, "--loops", loops);
    }

    [Test]
    public Task An_address_of_another_machine_is_one_line_and_exit_code_1() =>
        CannotListen("192.0.2.1:0", "", "--listen", "192.0.2.1:0");

    [Test]
    public Task The_endpoint_that_fails_is_named_among_several() =>
        CannotListen("192.0.2.1:0", "", "--listen", "localhost:0", "--listen", "192.0.2.1:0");

    [Test]
    public async Task A_path_that_is_taken_is_one_line_and_exit_code_1()
    {
        using var folder = new TemporaryFolder();
        string endpoint = $"unix:{folder.Add("file", [])}";

        await CannotListen(endpoint, "", "--listen", endpoint);
    }

    [Test]
    public async Task A_path_whose_folder_is_missing_is_one_line_and_exit_code_1()
    {
        using var folder = new TemporaryFolder();
        string endpoint = $"unix:{folder.FullName}/none/socket";

        await CannotListen(endpoint, "", "--listen", endpoint);
    }

    [Test]
    public async Task A_port_in_use_for_the_demos_file_server_is_one_line_and_exit_code_1()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();

        await CannotListen(
            $"{holder.LocalEndpoint}", "in use", "demo", "--listen", "localhost:0", "--upstream", $"{holder.LocalEndpoint}");
    }

    [Test]
    public async Task A_path_that_is_missing_for_the_demos_file_server_is_one_line_and_exit_code_1()
    {
        using var folder = new TemporaryFolder();
        string endpoint = $"unix:{folder.FullName}/none/socket";

        await CannotListen(endpoint, "", "demo", "--listen", "localhost:0", "--upstream", endpoint);
    }

    [Test]
    public async Task Certificate_that_cannot_be_used_is_one_line_with_its_option_and_exit_code_2()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Add("bad.pem", "no certificate"u8.ToArray());

        await IsRefused(
            $"--tls-certificate: {file}: no certificate in it: it is neither PEM nor PKCS #12",
            "--listen", "localhost:0", "--listen", "127.0.0.2:0", "--tls-certificate", file);
    }

    [Test]
    public async Task Authority_of_an_upstream_that_cannot_be_used_is_one_line_with_its_option_and_exit_code_2()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.FullName, "none.pem");

        await IsRefused($"--upstream-ca: {file}: does not exist", "--upstream-tls", "a.example", "--upstream-ca", file);
    }

    [Test]
    public Task Endpoint_that_is_given_twice_is_one_line_with_its_option_and_exit_code_2() => IsRefused(
        "--listen: 'localhost:9' is listened on already, by --listen", "--listen", "localhost:9", "--listen", "localhost:9");

    [Test]
    public async Task Certificate_that_TLS_refuses_is_one_line_with_its_file_and_that_of_the_configuration()
    {
        using var folder = new TemporaryFolder();
        using var certificates = new TestCertificates();
        (string certificate, string key) = certificates.Issue(TestCertificates.KeyKind.Rsa1024, "a.example").WriteTo(folder.FullName);
        string file = folder.Add("proxycore.json", Encoding.UTF8.GetBytes($$"""
            { "ProxyCore": { "Routes": [ {
                "Listen": [ { "Address": "localhost:0", "Tls": { "Certificates": [ { "Certificate": "{{certificate}}", "Key": "{{key}}" } ] } } ],
                "Upstreams": [ { "Address": "localhost:9" } ] } ] } }
            """));

        await IsRefused($"{file}: {certificate}: the key of the certificate is too small", "--config", file);
    }

    [Test]
    public void Missing_OpenSSL_is_an_error_of_the_option_that_chooses_the_engine() => Assert.That(
        StartErrors.NameOptions(["TlsEngine: libssl.so.3 can't be loaded"]), Is.EqualTo(["--tls-engine: libssl.so.3 can't be loaded"]));

    private static async Task IsRefused(string line, params string[] arguments)
    {
        await using CommandProcess command = await CommandProcess.RunAsync(arguments);

        Assert.That(command.Error, Is.EqualTo(new[] { $"proxycore: {line}" }));
        Assert.That(await command.ExitAsync(), Is.EqualTo(2));
    }

    private static async Task CannotListen(string endpoint, string cause, params string[] arguments)
    {
        await using CommandProcess command = await CommandProcess.RunAsync(arguments);

        Assert.That(command.Error, Has.Length.EqualTo(1));
        Assert.That(command.Error[0], Does.StartWith($"proxycore: Cannot listen on {endpoint}: ").And.Contains(cause));
        Assert.That(command.Output, Has.None.StartsWith("[ERROR]"));
        Assert.That(await command.ExitAsync(), Is.EqualTo(1));
    }
}
