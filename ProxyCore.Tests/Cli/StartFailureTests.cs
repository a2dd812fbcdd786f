using System.Globalization;
using System.Net;
using System.Net.Sockets;

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

    private static async Task CannotListen(string endpoint, string cause, params string[] arguments)
    {
        await using CommandProcess command = await CommandProcess.RunAsync(arguments);

        Assert.That(command.Error, Has.Length.EqualTo(1));
        Assert.That(command.Error[0], Does.StartWith($"proxycore: Cannot listen on {endpoint}: ").And.Contains(cause));
        Assert.That(command.Output, Has.None.StartsWith("[ERROR]"));
        Assert.That(await command.ExitAsync(), Is.EqualTo(1));
    }
}
