namespace ProxyCore.Tests.Cli;

[Parallelizable(ParallelScope.Self)]
internal sealed class UsageErrorTests
{
    private const string Hint = "Try 'proxycore --help'.";

    [TestCase("--listen nowhere", "--listen: 'nowhere' is no endpoint: expected PORT, HOST:PORT or unix:/path")]
    [TestCase("--listen example.com:80", "--listen: 'example.com:80' is a name: listen on PORT, localhost:PORT, *:PORT, an address or unix:/path")]
    [TestCase("--listen 65536", "--listen: '65536' is no endpoint: expected PORT, HOST:PORT or unix:/path")]
    [TestCase("--listen ::1:80", "--listen: '::1:80' has no valid IPv6 address: write it in brackets, as in [::1]:8080")]
    [TestCase("--listen unix:", "--listen: 'unix:' has no path: write unix:/path")]
    [TestCase("--listen", "Required argument missing for option: '--listen'.")]
    [TestCase("--listen=", "Required argument missing for option: '--listen'.")]
    [TestCase("--listen 1 2", "Unrecognized command or argument '2'.")]
    [TestCase("--upstream *:80", "--upstream: '*:80' is every address: an upstream needs one to connect to")]
    [TestCase("--upstream 0", "--upstream: '0' has port 0: an upstream needs a port from 1 to 65535")]
    [TestCase("--upstream host:", "--upstream: 'host:' has no valid port: expected a number from 0 to 65535 after the last colon")]
    [TestCase("--upstream srv:_pg._tcp.example:5432", "--upstream: 'srv:_pg._tcp.example:5432' can't be looked up: only letters, digits, -, _ and the dots between labels are allowed")]
    [TestCase("--dns dns.example", "--dns: 'dns.example' is no server of the DNS: write an IP address, as 10.0.0.53, or with a port, 10.0.0.53:5353")]
    [TestCase("--upstream", "Required argument missing for option: '--upstream'.")]
    [TestCase("--upstream-tls --upstream 1 --upstream unix:/a", "--upstream-tls: needs a NAME: a Unix socket has none")]
    [TestCase("demo --upstream 1 --upstream 2", "Option '--upstream' expects a single argument but 2 were provided.")]
    [TestCase("--lisen 8080", "Unrecognized command or argument '--lisen'. Did you mean --listen?")]
    [TestCase("--lisen=8080", "Unrecognized command or argument '--lisen=8080'. Did you mean --listen?")]
    [TestCase("--upsteam localhost:80 --loops 2", "Unrecognized command or argument '--upsteam'. Did you mean --upstream?")]
    [TestCase("--confg proxycore.json", "Unrecognized command or argument '--confg'. Did you mean --config?")]
    [TestCase("chekc --config proxycore.json", "Unrecognized command or argument 'chekc'. Did you mean check?")]
    [TestCase("tpo", "Unrecognized command or argument 'tpo'. Did you mean top?")]
    [TestCase("demo . --lisen 80", "Unrecognized command or argument '--lisen'. Did you mean --listen?")]
    [TestCase("--versoin", "Unrecognized command or argument '--versoin'. Did you mean --version?")]
    [TestCase("--log-time gmt", "--log-time: 'gmt' is no time of log lines: utc, local or none")]
    [TestCase("--log-format json --log-time utc", "--log-time: is for text; lines in JSON always have the time, UTC")]
    [TestCase("--connect-timeout 5", "--connect-timeout: '5' is no duration: write a whole number and its unit, as in 500ms, 5s, 2m or 1h")]
    [TestCase("--connect-timeout 0s", "--connect-timeout: '0s' is too short: more than zero is needed")]
    [TestCase("--idle-timeout 8761h", "--idle-timeout: '8761h' is too long: at most 8760h")]
    [TestCase("--half-close-timeout -1s", "--half-close-timeout: '-1s' is no duration: write a whole number and its unit, as in 500ms, 5s, 2m or 1h")]
    [TestCase("--drain-timeout 1s --drain-timeout 2s", "Option '--drain-timeout' expects a single argument but 2 were provided.")]
    [TestCase("--allow localhost", "--allow: 'localhost' is neither an address, such as 10.0.0.1, nor a range, such as 10.0.0.0/8")]
    [TestCase("--deny 10.1.2.3/8", "--deny: '10.1.2.3/8' has bits set after the first 8: write 10.0.0.0/8, or the address alone")]
    [TestCase("--tls-key a.key", "--tls-key: of which certificate? --tls-certificate names it")]
    [TestCase("--tls-certificate a --tls-key a --tls-key b", "--tls-key: there are more keys than certificates")]
    [TestCase("--tls-certificate", "Required argument missing for option: '--tls-certificate'.")]
    [TestCase("--upstream-ca ca.pem", "--upstream-ca: is for TLS, which --upstream-tls asks for")]
    [TestCase("--upstream-tls *.a.example", "--upstream-tls: '*.a.example' is no server name: it is a wildcard, which stands for many")]
    [TestCase("--upstream-tls 192.0.2.1", "--upstream-tls: '192.0.2.1' is no server name: it is an IP address")]
    [TestCase("--upstream-tls --upstream unix:/a", "--upstream-tls: needs a NAME: a Unix socket has none")]
    [TestCase("--upstream-tls a --upstream-tls b", "Option '--upstream-tls' expects a single argument but 2 were provided.")]
    [TestCase("--tls-engine schannel", "--tls-engine: 'schannel' is no implementation of TLS: auto, openssl or sslstream")]
    [TestCase("demo --upstream-tls", "--upstream-tls: has no meaning for this command, whose file server speaks no TLS")]
    [TestCase("demo --tls --tls-certificate a.pem", "--tls: makes a certificate, and --tls-certificate names one: leave out one of them")]
    [TestCase("--tls", "Unrecognized command or argument '--tls'.")]
    [TestCase("--loops 0", "--loops: '0' is no valid number: from 1 to 64")]
    [TestCase("--loops 65", "--loops: '65' is no valid number: from 1 to 64")]
    [TestCase("--loops x", "--loops: 'x' is no valid number: from 1 to 64")]
    [TestCase("--loops 1 --loops 2", "Option '--loops' expects a single argument but 2 were provided.")]
    [TestCase("demo --loops 0", "--loops: '0' is no valid number: from 1 to 64")]
    [TestCase("--max-connections 0", "--max-connections: '0' is no valid number: from 1 to 2147483647")]
    [TestCase("--max-connections many", "--max-connections: 'many' is no valid number: from 1 to 2147483647")]
    [TestCase("--buffer-size 17m", "--buffer-size: '17m' is out of bounds: from 1k to 16m")]
    [TestCase("--buffer-size 1g", "--buffer-size: '1g' is no size: write a number of bytes, as in 65536, 64k or 1m")]
    [TestCase("--log-level loud", "--log-level: 'loud' is no log level: trace, debug, info, warn, error or none")]
    [TestCase("--log-level 3", "--log-level: '3' is no log level: trace, debug, info, warn, error or none")]
    [TestCase("--log-format xml", "--log-format: 'xml' is no log format: text or json")]
    [TestCase("--bogus", "Unrecognized command or argument '--bogus'.")]
    [TestCase("bogus", "Unrecognized command or argument 'bogus'.")]
    [TestCase("@bogus", "Unrecognized command or argument '@bogus'.")]
    [TestCase("demo /no/such/folder", "FOLDER: '/no/such/folder' does not exist")]
    [TestCase("demo /dev/null", "FOLDER: '/dev/null' is a file")]
    [TestCase("demo --config", "Unrecognized command or argument '--config'.")]
    [TestCase("demo . more", "Unrecognized command or argument 'more'.")]
    [TestCase("demo --upstream 192.0.2.1:80", "--upstream: '192.0.2.1:80' is not this machine's own: the file server listens on PORT, localhost:PORT, a loopback address or unix:/path")]
    [TestCase("demo --upstream *:80", "--upstream: '*:80' is not this machine's own: the file server listens on PORT, localhost:PORT, a loopback address or unix:/path")]
    [TestCase("demo --upstream host:80", "--upstream: 'host:80' is not this machine's own: the file server listens on PORT, localhost:PORT, a loopback address or unix:/path")]
    [TestCase("--upstream 80 demo", "--upstream: write it after 'demo', where it says where the file server listens")]
    public async Task A_mistake_is_one_line_that_names_it_and_the_exit_code_is_2(string arguments, string mistake)
    {
        await using CommandProcess command = await CommandProcess.RunAsync(arguments.Split(' '));

        Assert.That(command.Error, Is.EqualTo(new[] { $"proxycore: {mistake}", Hint }));
        Assert.That(command.Output, Is.Empty);
        Assert.That(await command.ExitAsync(), Is.EqualTo(2));
    }

    [Test]
    public async Task Every_mistake_is_told_at_once()
    {
        await using CommandProcess command = await CommandProcess.RunAsync(
            "--listen", "x", "--listen", "y", "--upstream", "z", "--idle-timeout", "1", "--log-level", "loud");

        Assert.That(
            string.Join(", ", command.Error.Select(static line => line.Split('\'')[0].Replace("proxycore: ", "").Trim())),
            Is.EqualTo("--listen:, --listen:, --upstream:, --idle-timeout:, --log-level:, Try"));
    }

    [Test]
    public async Task What_was_typed_cannot_command_the_terminal()
    {
        await using CommandProcess command = await CommandProcess.RunAsync("--connect-timeout", "\e[31m\n5s");

        Assert.That(command.Error[0], Does.StartWith("proxycore: --connect-timeout: '\\u{1B}[31m\\n5s' is no duration"));
        Assert.That(command.Error, Has.Length.EqualTo(2));
    }
}
