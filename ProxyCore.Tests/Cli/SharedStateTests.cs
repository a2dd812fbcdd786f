using System.Globalization;
using System.Text.Json;
using ProxyCore.Tests.Sharing;

namespace ProxyCore.Tests.Cli;

/// <summary>Three commands with one configuration, which share what is set by hand in Redis.</summary>
[Platform(Exclude = "Win", Reason = "Redis listens on a Unix socket.")]
[Parallelizable(ParallelScope.Self)]
internal sealed class SharedStateTests
{
    private const string Token = "only-the-tests-know-this-token";

    private static readonly string[] _anyPort = ["127.0.0.1:0"];

    [Test]
    public async Task Ban_and_drain_on_one_machine_act_on_all_and_come_back_after_a_restart()
    {
        await using RedisServer redis = await RedisServer.StartAsync("requirepass secret");
        using var folder = new TemporaryFolder();
        folder.Add("password", "secret\n"u8.ToArray());
        string file = folder.Add("proxycore.json", Configuration(redis.Endpoint, Path.Combine(folder.FullName, "password")));
        List<CommandProcess> commands = [Start(file), Start(file), Start(file)];
        try
        {
            string[] pages = await Task.WhenAll(commands.Select(PageOf));
            await Run("deny", "192.0.2.7", "--for", "1h", "--admin", pages[0]);
            await Run("upstream", "drain", "127.0.0.1:9", "--admin", pages[1]);

            foreach (string page in pages)
            {
                await HasAll(page);
            }

            Assert.That(string.Join('\n', commands.SelectMany(static one => one.Output.Concat(one.Error))), Does.Not.Contain("secret"));
            commands[2].Signal(CommandProcess.Sigterm);
            Assert.That(await commands[2].ExitAsync(), Is.Zero);
            Assert.That(commands[2].Output, Has.None.Contains("not reachable"), "the proxy ends before its connection to Redis");
            CommandProcess again = Start(file);
            commands.Add(again);
            await HasAll(await PageOf(again));
        }
        finally
        {
            foreach (CommandProcess command in commands)
            {
                await command.DisposeAsync();
            }
        }
    }

    [TestCase("""{ "Redis": {} }""", "Shared:Redis:Endpoints: at least one server is needed")]
    [TestCase("""{}""", "Shared:Redis: is needed: where is it to be shared?")]
    [TestCase("""{ "Redis": { "Endpoints": ["*:6379"] } }""", "Shared:Redis:Endpoints:0: '*:6379' is nothing to connect to: write HOST:PORT, as in redis.example:6379, or unix:/path")]
    [TestCase("""{ "Redis": { "Endpoints": ["6379"], "Password": "secret" } }""", "Shared:Redis:Password: unknown key")]
    [TestCase("""{ "Redis": { "Endpoints": ["6379"], "KeyPrefix": "a b" } }""", "Shared:Redis:KeyPrefix: must be 1 to 200 letters, digits and signs of ASCII, without braces")]
    [TestCase("""{ "Redis": { "Endpoints": ["6379"], "Ca": "/no/such/file" } }""", "Shared:Redis:Ca: has no meaning without Tls")]
    [TestCase("""{ "Redis": { "Endpoints": ["6379"], "Endpoint": "6379", "Tls": "yes" } }""", "Shared:Redis:Endpoint: unknown key; did you mean Endpoints?")]
    public void Mistake_in_the_file_is_told_with_its_place(string shared, string mistake)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Add("proxycore.json", System.Text.Encoding.UTF8.GetBytes(
            $$"""{ "ProxyCore": { "Shared": {{shared}}, "Routes": [ { "Listen": ["127.0.0.1:0"], "Upstreams": [ { "Address": "127.0.0.1:9" } ] } ] } }"""));

        Microsoft.Extensions.Options.OptionsValidationException? refusal =
            Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => new ProxyCore.Cli.ConfigurationFile(new FileInfo(path), []).Check());

        Assert.That(refusal!.Failures, Has.Some.EqualTo($"{path}: {mistake}"));
        Assert.That(refusal.Message, Does.Not.Contain("secret"));
    }

    [Test]
    public void Missing_password_file_is_told_and_a_change_while_it_runs_is_refused()
    {
        using var folder = new TemporaryFolder();
        string password = Path.Combine(folder.FullName, "password");
        string path = folder.Add("proxycore.json", Configuration("127.0.0.1:6379", password));
        var file = new ProxyCore.Cli.ConfigurationFile(new FileInfo(path), []);

        Assert.That(
            Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => new ProxyCore.Cli.ConfigurationFile(new FileInfo(path), []).Check())!.Message,
            Does.Contain("Shared:Redis:PasswordFile: ").And.Contain(password));
        folder.Add("password", "secret\n"u8.ToArray());
        file.Check();
        Assert.That(file.Shared, Is.Not.Null);
        file.Check();
        folder.Add("proxycore.json", Configuration("127.0.0.1:6380", password));

        Assert.That(
            Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => file.Check())!.Failures,
            Is.EqualTo([$"{path}: Shared: can't be changed while the proxy runs"]));
    }

    private static byte[] Configuration(string redis, string password) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        ProxyCore = new
        {
            Shared = new { Redis = new { Endpoints = new[] { redis }, PasswordFile = password } },
            Routes = new[] { new { Name = "web", Listen = _anyPort, Upstreams = new[] { new { Address = "127.0.0.1:9" } } } },
        },
    });

    private static CommandProcess Start(string file) =>
        CommandProcess.StartWith([("PROXYCORE_ADMIN_TOKEN", Token)], "--config", file, "--admin", "127.0.0.1:0");

    /// <summary>The address of its page, once it runs and has read the shared state.</summary>
    private static async Task<string> PageOf(CommandProcess command)
    {
        await command.OutputLineAsync("The shared state is reachable");
        string line = command.Output.First(static line => line.Contains("Admin page on ", StringComparison.Ordinal));
        return new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..]).Authority;
    }

    private static async Task Run(params string[] arguments)
    {
        await using var command = CommandProcess.StartWith([("PROXYCORE_ADMIN_TOKEN", Token)], arguments);
        Assert.That(await command.ExitAsync(), Is.Zero, string.Join('\n', command.Error));
    }

    private static async Task HasAll(string page)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{page}/") };
        http.DefaultRequestHeaders.Add("Authorization", $"Bearer {Token}");
        await RedisNode.UntilAsync("all is there", async () =>
        {
            using var snapshot = JsonDocument.Parse(await http.GetStringAsync("api/snapshot"));
            JsonElement root = snapshot.RootElement;
            string denied = string.Join(' ', root.GetProperty("denied").EnumerateArray().Select(static one => one.GetProperty("address").GetString()));
            string upstream = root.GetProperty("routes")[0].GetProperty("upstreams")[0].GetProperty("administration").GetString()!;
            string state = string.Create(CultureInfo.InvariantCulture, $"{denied} {upstream} {root.GetProperty("sharedState").GetProperty("isReachable").GetBoolean()}");
            return state == "192.0.2.7 Drain True";
        });
    }
}
