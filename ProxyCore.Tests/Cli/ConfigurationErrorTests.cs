using System.Diagnostics;
using ProxyCore.Cli;
using ProxyCore.Tests.Configuration;

namespace ProxyCore.Tests.Cli;

/// <summary>What is wrong with a configuration file is reported with its place and cause, whatever it is.</summary>
internal sealed class ConfigurationErrorTests
{
    private const string Upstreams = "\"Upstreams\": [ { \"Address\": \"3000\" } ]";

    private TemporaryFolder _folder = null!;
    private string _file = null!;

    [SetUp]
    public void CreateFolder()
    {
        _folder = new TemporaryFolder();
        _file = Path.Combine(_folder.FullName, "proxycore.json");
    }

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase("{ \"ProxyCore\": \"text\" }", "ProxyCore: must have keys below it, not the value 'text'")]
    [TestCase("{ \"ProxyCore\": null }", "ProxyCore: must not be null")]
    [TestCase("{ \"ProxyCore\": [] }", "ProxyCore: must have keys below it, not a list")]
    [TestCase("{ \"ProxyCore\": {}, \"proxycore\": {} }", "proxycore: is given twice")]
    [TestCase("{ \"$schema\": 1, \"ProxyCore\": {} }", "$schema: must be a text")]
    public void A_section_that_is_none_is_reported(string content, string expected) =>
        Assert.That(ErrorsIn(content), Has.Some.EqualTo(expected));

    // One rule for all kinds of value: null, {} and [] are none.
    [TestCase("\"Loops\": null", "Loops: must not be null")]
    [TestCase("\"Loops\": {}", "Loops: must be one value, not a list or an object")]
    [TestCase("\"Loops\": []", "Loops: must be one value, not a list or an object")]
    [TestCase("\"DrainTimeout\": null", "DrainTimeout: must not be null")]
    [TestCase("\"BufferSize\": {}", "BufferSize: must be one value, not a list or an object")]
    [TestCase("\"ParkIdleSockets\": []", "ParkIdleSockets: must be one value, not a list or an object")]
    [TestCase("\"AccessLog\": []", "AccessLog: must have keys below it, not a list")]
    [TestCase("\"AccessLog\": { \"Format\": null }", "AccessLog:Format: must not be null")]
    [TestCase("\"AccessLog\": { \"Path\": 1 }", "AccessLog:Path: must be a text: write \"1\"")]
    [TestCase("\"Loops\": 1, \"Loops\": 2", "Loops: is given twice")]
    [TestCase("\"AccessLog\": {}, \"accesslog\": {}", "accesslog: is given twice")]
    [TestCase("\"Loops\": \"\\ud800\"", "Loops: is no text: it has half of a surrogate pair, or bytes that are not UTF-8")]
    [TestCase("\"\\udc00\": 1", "ProxyCore: has a key that is no text: it has half of a surrogate pair, or bytes that are not UTF-8")]
    public void A_wrong_value_of_the_proxy_is_reported(string line, string expected) =>
        Assert.That(ErrorsIn($"{{ \"ProxyCore\": {{ {line}, \"Routes\": [ {{ \"Listen\": [\"8080\"], {Upstreams} }} ] }} }}"), Is.EqualTo([expected]));

    [TestCase("\"Name\": \"\\ud800\"", "Routes:0:Name: is no text: it has half of a surrogate pair, or bytes that are not UTF-8")]
    [TestCase("\"Name\": 1e300", "Routes:0:Name: must be a text: write \"1e300\"")]
    [TestCase("\"NoDelay\": null", "Routes:0:NoDelay: must not be null")]
    [TestCase("\"Balancing\": null", "Routes:0:Balancing: must not be null")]
    [TestCase("\"KeepAlive\": null", "Routes:0:KeepAlive: must not be null")]
    [TestCase("\"PassiveHealth\": null", "Routes:0:PassiveHealth: must not be null")]
    [TestCase("\"HealthCheck\": { \"Send\": null }", "Routes:0:HealthCheck:Send: must not be null")]
    [TestCase("\"HealthCheck\": {}, \"HealthCheck\": { \"Rise\": 1 }", "Routes:0:HealthCheck: is given twice")]
    [TestCase("\"PassiveHealth\": { \"OutTime\": \"ten\", \"MaxOutTime\": \"1s\" }", "Routes:0:PassiveHealth:OutTime: 'ten' is no duration: write a whole number and its unit, as in 500ms, 5s, 2m or 1h")]
    public void A_wrong_value_of_a_route_is_reported_alone(string line, string expected) =>
        Assert.That(ErrorsIn($"{{ \"ProxyCore\": {{ \"Routes\": [ {{ \"Listen\": [\"8080\"], {Upstreams}, {line} }} ] }} }}"), Is.EqualTo([expected]));

    [TestCase("null", "0: must not be null")]
    [TestCase("\"8080\", {}", "1:Address: '' is no endpoint: expected PORT, HOST:PORT or unix:/path")]
    [TestCase("\"8080\", []", "1: must have keys below it, not a list")]
    [TestCase("null, \"bad\"", "0: must not be null", "1: 'bad' is no endpoint: expected PORT, HOST:PORT or unix:/path")]
    [TestCase("\"8080\", { \"Adress\": \"1\", \"Address\": \"2\" }, \"8080\"", "1:Adress: unknown key; did you mean Address?", "2: '8080' is listened on already, by Routes:0:Listen:0")]
    [TestCase("null, { \"Address\": \"bad\" }, null", "0: must not be null", "2: must not be null", "1:Address: 'bad' is no endpoint: expected PORT, HOST:PORT or unix:/path")]
    [TestCase("{ \"Address\": null }", "0:Address: must not be null")]
    public void Each_wrong_item_of_a_list_is_reported_at_its_place(string items, params string[] expected) => Assert.That(
        ErrorsIn($"{{ \"ProxyCore\": {{ \"Routes\": [ {{ \"Listen\": [ {items} ], {Upstreams} }} ] }} }}"),
        Is.EqualTo(expected.Select(static one => $"Routes:0:Listen:{one}")));

    [Test]
    public void Items_behind_a_wrong_one_keep_their_numbers() => Assert.That(
        ErrorsIn(
            """
            { "ProxyCore": { "Routes": [ null, { "Listen": ["8080"], "Upstreams": [ null, { "Address": "bad" }, { "Address": "1" }, { "Address": "1" } ], "Backlog": 0 } ] } }
            """),
        Is.EqualTo(
        [
            "Routes:0: must not be null",
            "Routes:1:Upstreams:0: must not be null",
            "Routes:1:Backlog: must be 1 or more",
            "Routes:1:Upstreams:1:Address: 'bad' is no endpoint: expected PORT, HOST:PORT or unix:/path",
            "Routes:1:Upstreams:3:Address: '1' is the address of Routes:1:Upstreams:2 already",
        ]));

    [TestCase("\"HealthCheck\": null")]
    [TestCase("\"Name\": null")]
    [TestCase("\"Upstreams\": [ { \"Address\": \"3000\", \"MaxConnections\": null } ]")]
    public void Null_is_the_same_as_nothing_where_nothing_is_the_default(string line)
    {
        var options = new TcpProxyOptions();
        string upstreams = line.Contains("Upstreams", StringComparison.Ordinal) ? "" : $", {Upstreams}";

        Assert.That(ErrorsIn($"{{ \"ProxyCore\": {{ \"AccessLog\": null, \"Routes\": [ {{ \"Listen\": [8080], {line}{upstreams} }} ] }} }}", options), Is.Empty);
        Assert.That((options.AccessLog, options.Routes[0].HealthCheck, options.Routes[0].Name), Is.EqualTo(((AccessLogOptions?)null, (HealthCheckOptions?)null, (string?)null)));
    }

    [Test]
    public void An_empty_object_is_one_with_defaults()
    {
        var options = new TcpProxyOptions();

        Assert.That(ErrorsIn($"{{ \"ProxyCore\": {{ \"AccessLog\": {{}}, \"Routes\": [ {{ \"Listen\": [8080], \"HealthCheck\": {{}}, {Upstreams} }} ] }} }}", options), Is.Empty);
        Assert.That(options.AccessLog, Is.Not.Null);
        Assert.That(options.Routes[0].HealthCheck, Is.Not.Null);
    }

    [TestCase("")]
    [TestCase(" \n")]
    public void An_empty_file_is_reported_as_that(string content) => Assert.That(ErrorsIn(content), Is.EqualTo(["is empty"]));

    [Test]
    public void A_file_with_a_byte_order_mark_is_read([Values("utf-8", "utf-16", "utf-16BE")] string encoding)
    {
        string json = $"{{ \"ProxyCore\": {{ \"Routes\": [ {{ \"Name\": \"\u00e9\", \"Listen\": [8080], {Upstreams} }} ] }} }}";
        File.WriteAllText(_file, json, System.Text.Encoding.GetEncoding(encoding));
        var options = new TcpProxyOptions();

        Assert.That(new ConfigurationFile(new FileInfo(_file), []).ErrorsIn(options), Is.Empty);
        Assert.That(options.Routes[0].Name, Is.EqualTo("\u00e9"));
    }

    [Test]
    public void A_folder_is_reported_as_that() => Assert.That(
        new ConfigurationFile(new FileInfo(_folder.FullName), []).ErrorsIn(new TcpProxyOptions()),
        Is.EqualTo([$"{_folder.FullName}: is a folder, not a file"]));

    [Test]
    [Platform(Exclude = "Win")]
    public void A_pipe_that_nobody_writes_to_is_reported_at_once()
    {
        using (Process made = Process.Start("mkfifo", _file))
        {
            made.WaitForExit();
        }

        var file = new ConfigurationFile(new FileInfo(_file), []);

        Assert.That(file.ErrorsIn(new TcpProxyOptions()), Is.EqualTo([$"{_file}: is a pipe or a device, not a file"]));
        Assert.That(file.State, Is.Null);
    }

    [Test]
    public void Later_overrides_win_and_an_error_in_one_names_it()
    {
        File.WriteAllText(_file, $"{{ \"ProxyCore\": {{ \"Loops\": 0, \"Routes\": [ {{ \"Listen\": [\"8080\"], {Upstreams} }} ] }} }}");
        ConfigurationOverride[] overrides =
        [
            new("Loops", "2", "--set"), new("loops", "3", "--loops"), new("Routes:0:Backlog", "many", "--set"),
            new("Routes:0:Upstreams:4:Address", "bad", "--set"), new("Lops", "1", "--set"), new("Routes:0:Listen:0", "*:1", "--set"),
        ];
        var options = new TcpProxyOptions();

        Assert.That(new ConfigurationFile(new FileInfo(_file), overrides).ErrorsIn(options), Is.EqualTo(
        [
            "--set: Routes:0:Backlog: 'many' is no whole number",
            "--set: Lops: unknown key; did you mean Loops?",
            "--set: Routes:0:Upstreams:4:Address: 'bad' is no endpoint: expected PORT, HOST:PORT or unix:/path",
        ]));
        Assert.That((options.Loops, options.Routes[0].Listen[0].Address), Is.EqualTo((3, "*:1")));
    }

    private string[] ErrorsIn(string content, TcpProxyOptions? options = null)
    {
        File.WriteAllText(_file, content);
        IReadOnlyList<string> errors = new ConfigurationFile(new FileInfo(_file), []).ErrorsIn(options ?? new TcpProxyOptions());
        return [.. errors.Select(error => error[(_file.Length + 2)..])];
    }
}
