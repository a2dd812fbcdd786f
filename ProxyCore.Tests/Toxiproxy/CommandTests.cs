using System.Globalization;
using System.Text.RegularExpressions;
using ProxyCore.Tests.Cli;

namespace ProxyCore.Tests.Toxiproxy;

/// <summary>The command line, toxiproxy-server's own flags included.</summary>
[Platform(Exclude = "Win", Reason = "Signals are sent with kill.")]
[Parallelizable(ParallelScope.Self)]
internal sealed class CommandTests
{
    [TestCase("toxiproxy --api nowhere", "--api: 'nowhere' is no endpoint: expected PORT, HOST:PORT or unix:/path")]
    [TestCase("toxiproxy -host a", "--host: 'a' is no address to listen on: localhost, an address, or 0.0.0.0 for every one")]
    [TestCase("toxiproxy --api 1 -host 127.0.0.1", "--host: has no meaning beside --api, which names both host and port")]
    [TestCase("toxiproxy --api 1 -port=1", "--port: has no meaning beside --api, which names both host and port")]
    [TestCase("toxiproxy -port 65536", "--port: '65536' is no port: a number from 0 to 65535")]
    [TestCase("toxiproxy -seed x", "--seed: 'x' is no whole number of 64 bits")]
    [TestCase("toxiproxy -proxy-metrics=yes", "Unrecognized command or argument 'yes'.")]
    [TestCase("toxiproxy --bogus", "Unrecognized command or argument '--bogus'.")]
    [TestCase("--listen 1 toxiproxy", "--listen: has no meaning before 'toxiproxy'")]
    public async Task A_mistake_is_one_line_and_exit_code_2(string arguments, string mistake)
    {
        await using CommandProcess command = await CommandProcess.RunAsync(arguments.Split(' '));

        Assert.That(command.Error, Is.EqualTo([$"proxycore: {mistake}", "Try 'proxycore --help'."]));
        Assert.That(await command.ExitAsync(), Is.EqualTo(2));
    }

    [TestCase("--api 127.0.0.1:0 --seed 5")]
    [TestCase("-host=127.0.0.1 -port=0 -seed=-5 -proxy-metrics -runtime-metrics=false")]
    [TestCase("-host 127.0.0.1 -port 0 -seed -5 -proxy-metrics=true")]
    public async Task It_serves_and_stops_cleanly(string arguments)
    {
        await using CommandProcess command = CommandProcess.Start(["toxiproxy", .. arguments.Split(' ')]);
        int port = await PortOf(command);
        using var http = new HttpClient();
        Assert.That(
            (int)(await http.GetAsync($"http://127.0.0.1:{port}/metrics")).StatusCode, Is.EqualTo(arguments.Contains("metrics") ? 200 : 404));

        command.Signal(CommandProcess.Sigterm);

        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That(command.Error, Is.Empty);
    }

    [Test]
    public async Task Log_level_is_that_of_the_environment()
    {
        await using CommandProcess command = CommandProcess.StartWith([("LOG_LEVEL", "warn")], "toxiproxy", "-host=0.0.0.0", "-port=0");

        Assert.That(await command.OutputLineAsync("no token"), Does.StartWith("[WARN] The API can be reached"));
        Assert.That(command.Output, Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_port_in_use_is_one_line_and_exit_code_1()
    {
        await using CommandProcess first = CommandProcess.Start("toxiproxy", "--api", "127.0.0.1:0");
        int port = await PortOf(first);

        await using CommandProcess second = await CommandProcess.RunAsync("toxiproxy", "-host=127.0.0.1", $"-port={port}");

        Assert.That(second.Error, Is.EqualTo([$"proxycore: Cannot listen on 127.0.0.1:{port}: the address is already in use"]));
        Assert.That(await second.ExitAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task Help_has_the_flags_as_toxiproxy_server_writes_them()
    {
        await using CommandProcess command = await CommandProcess.RunAsync("toxiproxy", "--help");

        string help = string.Join('\n', command.Output);
        Assert.That(help, Does.Contain("--api <ENDPOINT>").And.Contain("[default: localhost:8474]").And.Contain("proxycore toxiproxy\n"));
        foreach (string flag in (string[])["-config", "-seed", "-host", "-port", "-proxy-metrics", "-runtime-metrics"])
        {
            Assert.That(help, Does.Match($@"(?m)^  {flag} "));
        }
    }

    private static async Task<int> PortOf(CommandProcess command) => int.Parse(
        Regex.Match(await command.OutputLineAsync("API on http://"), @":(\d+)/").Groups[1].Value, CultureInfo.InvariantCulture);
}
