using System.Net;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Cli;

/// <summary>A folder for each test, with a configuration file that it writes.</summary>
internal abstract class ConfigurationFileFixture
{
    private TemporaryFolder _folder = null!;

    protected string Folder => _folder.FullName;

    protected string ConfigurationFile => Path.Combine(Folder, "proxycore.json");

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    protected static string Route(string name, string listen, string upstream) =>
        $$"""{ "Name": "{{name}}", "Listen": ["{{listen}}"], "Upstreams": [ { "Address": "{{upstream}}" } ] }""";

    protected static async Task Echoes(int port)
    {
        using Peer client = await Peer.Connect(new IPEndPoint(IPAddress.Loopback, port));
        await client.Echoes("hello");
    }

    protected void Write(string routes, string? file = null, int loops = 1) =>
        File.WriteAllText(file ?? ConfigurationFile, $$"""{ "ProxyCore": { "Loops": {{loops}}, "Routes": [ {{routes}} ] } }""");
}
