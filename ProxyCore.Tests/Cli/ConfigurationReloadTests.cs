using System.Net;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Cli;

/// <summary>A configuration file that changes while the command runs.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class ConfigurationReloadTests : ConfigurationFileFixture
{
    [Test]
    public async Task Signal_makes_it_read_the_file_again()
    {
        await using var first = new EchoUpstream();
        await using var second = new EchoUpstream();
        Write(Route("web", "127.0.0.1:0", first.Endpoint.ToString()!));
        await using CommandProcess command = CommandProcess.Start("--config", ConfigurationFile);
        int port = await command.PortAsync();
        using Peer before = await Peer.Connect(new IPEndPoint(IPAddress.Loopback, port));
        await before.Echoes("before");

        Write(Route("web", "127.0.0.1:0", second.Endpoint.ToString()!));
        command.Signal(CommandProcess.Sighup);
        await command.OutputLineAsync("Configuration applied: 1 routes; 0 endpoints added, 0 removed");

        await Echoes(port);
        await before.Echoes("still there");
        Assert.That((first.Accepted, second.Accepted), Is.EqualTo((1, 1)));
        command.Signal(CommandProcess.Sigterm);
        before.Dispose();
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [Test]
    public async Task Toxics_of_the_file_act_and_a_reload_changes_and_removes_them()
    {
        await using var upstream = new EchoUpstream();
        Write(RouteWith(""" { "Type": "Refuse" } """));
        await using CommandProcess command = CommandProcess.Start("--config", ConfigurationFile);
        await command.OutputLineAsync("Toxic refuse added to route web: refuse end=Reset");
        int port = await command.PortAsync();
        using (Peer refused = await Peer.Connect(new IPEndPoint(IPAddress.Loopback, port)))
        {
            await refused.ReceivesReset();
        }

        await Reload(""" { "Type": "refuse", "End": "Fin" } """, "Toxic refuse of route web changed: refuse end=Fin");
        using (Peer refused = await Peer.Connect(new IPEndPoint(IPAddress.Loopback, port)))
        {
            await refused.ReceivesEof();
        }

        await Reload(""" { "Type": "connect_delay", "Delay": "1ms" } """, "Toxic connect_delay added to route web: connect_delay delay=1ms");
        await command.OutputLineAsync("Toxic refuse removed from route web; it acted on 2 connections and ended 2");
        await Echoes(port);

        async Task Reload(string toxic, string line)
        {
            Write(RouteWith(toxic));
            command.Signal(CommandProcess.Sighup);
            await command.OutputLineAsync(line);
        }

        string RouteWith(string toxic) =>
            $$"""{ "Name": "web", "Listen": ["127.0.0.1:0"], "Upstreams": [ { "Address": "{{upstream.Endpoint}}" } ], "Toxics": [ {{toxic}} ] }""";
    }

    [Test]
    public async Task File_replaced_by_one_of_the_same_length_and_time_is_noticed()
    {
        await using var first = new EchoUpstream();
        Write(Route("one", "127.0.0.1:0", first.Endpoint.ToString()!));
        DateTime written = File.GetLastWriteTimeUtc(ConfigurationFile);
        await using CommandProcess command = CommandProcess.Start("--config", ConfigurationFile);
        await command.PortAsync();

        Write(Route("two", "127.0.0.1:0", first.Endpoint.ToString()!));
        File.SetLastWriteTimeUtc(ConfigurationFile, written);

        await command.OutputLineAsync("Configuration applied");
    }

    [Test]
    public async Task Changed_file_is_noticed_also_when_another_is_put_in_its_place()
    {
        await using var upstream = new EchoUpstream();
        string old = Path.Combine(Folder, "old.json");
        Write(Route("web", "127.0.0.1:0", "127.0.0.1:9"), old);
        File.CreateSymbolicLink(ConfigurationFile, old);
        await using CommandProcess command = CommandProcess.Start("--config", ConfigurationFile);
        int port = await command.PortAsync();

        // As a cluster does it: the link leads to another file, in one step.
        string next = Path.Combine(Folder, "next.json");
        Write(Route("web", "127.0.0.1:0", upstream.Endpoint.ToString()!), next);
        string link = Path.Combine(Folder, "link");
        File.CreateSymbolicLink(link, next);
        File.Move(link, ConfigurationFile, overwrite: true);
        await command.OutputLineAsync("Configuration applied");

        await Echoes(port);
    }

    [Test]
    public async Task Link_to_a_folder_that_leads_elsewhere_is_noticed()
    {
        string old = Directory.CreateDirectory(Path.Combine(Folder, "v1")).FullName;
        string next = Directory.CreateDirectory(Path.Combine(Folder, "v2")).FullName;
        string data = Path.Combine(Folder, "..data");
        Write(Route("one", "127.0.0.1:0", "127.0.0.1:9"), Path.Combine(old, "proxycore.json"));
        Write(Route("two", "127.0.0.1:0", "127.0.0.1:9"), Path.Combine(next, "proxycore.json"));
        Directory.CreateSymbolicLink(data, old);
        File.CreateSymbolicLink(ConfigurationFile, Path.Combine("..data", "proxycore.json"));
        await using CommandProcess command = CommandProcess.Start("--config", ConfigurationFile);
        await command.PortAsync();

        // As a cluster does it: a link to the new folder takes the place of the link to the old one, in one step.
        string link = Path.Combine(Folder, "..data_tmp");
        Directory.CreateSymbolicLink(link, next);
        Rename(link, data);

        await command.OutputLineAsync("Configuration applied");
    }

    [Test]
    public async Task Bad_file_changes_nothing_and_says_why_and_the_next_good_one_is_taken()
    {
        await using var upstream = new EchoUpstream();
        await using var occupier = new TestUpstream();
        Write(Route("web", "127.0.0.1:0", upstream.Endpoint.ToString()!));
        await using CommandProcess command = CommandProcess.Start("--config", ConfigurationFile);
        int port = await command.PortAsync();

        await File.WriteAllTextAsync(ConfigurationFile, "{ no json");
        command.Signal(CommandProcess.Sighup);
        await command.OutputLineAsync($"[ERROR] Nothing is changed: {ConfigurationFile}: no JSON: line 1: ");
        Write(Route("web", occupier.Endpoint.ToString()!, upstream.Endpoint.ToString()!));
        command.Signal(CommandProcess.Sighup);
        await command.OutputLineAsync($"[ERROR] Nothing is changed: Cannot listen on {occupier.Endpoint}: the address is already in use");
        Write(Route("web", "127.0.0.1:0", upstream.Endpoint.ToString()!), loops: 2);
        command.Signal(CommandProcess.Sighup);
        await command.OutputLineAsync("[ERROR] Nothing is changed: Loops: can't be changed while the proxy runs");
        await Echoes(port);

        Write($"{Route("web", "127.0.0.1:0", upstream.Endpoint.ToString()!)}, {Route("more", "localhost:0", upstream.Endpoint.ToString()!)}");
        command.Signal(CommandProcess.Sighup);
        await command.OutputLineAsync("Configuration applied: 2 routes; 1 endpoints added, 0 removed");
        await Echoes(port);
    }

    [Test]
    public async Task A_text_with_half_a_character_is_refused_by_check_and_start_and_reload()
    {
        const string Cause = "Routes:0:Name: is no text: it has half of a surrogate pair, or bytes that are not UTF-8";
        Write(Route("web", "127.0.0.1:0", "127.0.0.1:9"));
        await using CommandProcess running = CommandProcess.Start("--config", ConfigurationFile);
        await running.PortAsync();
        Write(Route("\\ud800", "127.0.0.1:0", "127.0.0.1:9"));

        running.Signal(CommandProcess.Sighup);
        await running.OutputLineAsync($"[ERROR] Nothing is changed: {ConfigurationFile}: {Cause}");
        await using CommandProcess check = await CommandProcess.RunAsync("check", "--config", ConfigurationFile);
        await using CommandProcess start = await CommandProcess.RunAsync("--config", ConfigurationFile);

        Assert.That((check.Error, start.Error), Is.EqualTo(((string[])[$"proxycore: {ConfigurationFile}: {Cause}"], (string[])[$"proxycore: {ConfigurationFile}: {Cause}"])));
        Assert.That((await check.ExitAsync(), await start.ExitAsync()), Is.EqualTo((2, 2)));
    }

    // File.Move and Directory.Move do not put a link in the place of another link.
    private static void Rename(string from, string to)
    {
        using var moved = System.Diagnostics.Process.Start("mv", ["-T", from, to]);
        moved.WaitForExit();
        Assert.That(moved.ExitCode, Is.Zero);
    }
}
