using ProxyCore.Tests.Admin;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Cli;

/// <summary><c>proxycore upstream</c> beside a proxy that runs.</summary>
internal sealed class UpstreamCommandTests : AdminFixture
{
    private string Address => Upstream.Endpoint.ToString()!;

    [TestCase("drain U", "drained, Up, weight 1, no maximum")]
    [TestCase("disable U --route web", "disabled, Up, weight 1, no maximum")]
    [TestCase("ready U", "ready, Up, weight 1, no maximum")]
    [TestCase("weight U 0", "ready, Up, weight 0 by hand (1 configured), no maximum")]
    [TestCase("maximum U 7", "ready, Up, weight 1, maximum 7 by hand")]
    public async Task One_line_tells_how_the_upstream_is_now(string arguments, string state)
    {
        await using CommandProcess command = await Run(arguments);

        Assert.That(command.Error, Is.Empty);
        Assert.That(command.Output, Is.EqualTo([$"{Address} of route web: {state}, 0 connections"]));
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [Test]
    public async Task Reset_undoes_all_that_was_set_by_hand()
    {
        await Proxy.Proxy.SetUpstreamAsync(
            new UpstreamChange { Upstream = Address, State = UpstreamAdministration.Disabled, Weight = 3, MaxConnections = 9 });

        await using CommandProcess command = await Run("reset U");

        Assert.That(command.Output, Is.EqualTo([$"{Address} of route web: ready, Up, weight 1, no maximum, 0 connections"]));
        Assert.That((await Proxy.Proxy.GetSnapshotAsync(0)).Routes[0].Upstreams[0].SetByHandAt, Is.Null);
    }

    [TestCase("drain U --cut", "Drain")]
    [TestCase("cut U", "Ready")]
    public async Task Cut_resets_the_connections_that_there_are(string arguments, string administration)
    {
        using Peer client = await Proxy.Connect();
        await client.Echoes("before");

        await using CommandProcess command = await Run(arguments);

        await client.ReceivesReset();
        Assert.That((await Proxy.Proxy.GetSnapshotAsync(0)).Routes[0].Upstreams[0].Administration.ToString(), Is.EqualTo(administration));
    }

    [TestCase("drain 127.0.0.1:9", "the proxy has no upstream '127.0.0.1:9'")]
    [TestCase("drain U --route other", "there is no route 'other'")]
    public async Task What_there_is_not_is_told_and_the_exit_code_is_1(string arguments, string cause)
    {
        await using CommandProcess command = await Run(arguments);

        Assert.That(command.Error, Is.EqualTo([$"proxycore: The admin page at {Page.Endpoint} answers: {cause}"]));
        Assert.That(command.Output, Is.Empty);
        Assert.That(await command.ExitAsync(), Is.EqualTo(1));
    }

    [TestCase(null, "does not serve: it asks for a token: --admin-token-file")]
    [TestCase("not-the-token-of-it", "does not serve: it does not take the token: it was started with another")]
    public async Task Missing_token_and_wrong_token_are_told_apart(string? token, string cause)
    {
        await using CommandProcess command = await Run("drain U", token);

        Assert.That(command.Error, Is.EqualTo([$"proxycore: The admin page at {Page.Endpoint} {cause}"]));
        Assert.That(await command.ExitAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task Proxy_without_a_token_can_not_be_changed_and_that_is_told()
    {
        await using RunningAdmin open = await RunningAdmin.WithoutToken(() => Proxy.Proxy);

        await using CommandProcess command = await Run("drain U", token: null, open);

        Assert.That(
            command.Error,
            Is.EqualTo([$"proxycore: The admin page at {open.Endpoint} answers: nothing can be changed without a token: start with --admin-token-file"]));
        Assert.That(await command.ExitAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task Nobody_there_is_told_in_one_line()
    {
        using var refused = new RefusedEndpoint();

        await using CommandProcess command = await CommandProcess.RunAsync("upstream", "drain", "3000", "--admin", refused.Endpoint.ToString()!);

        Assert.That(command.Error, Is.EqualTo([$"proxycore: The admin page at {refused.Endpoint} does not serve: Connection refused"]));
        Assert.That(await command.ExitAsync(), Is.EqualTo(1));
    }

    [TestCase("drain U now", "Unrecognized command or argument 'now'.")]
    [TestCase("weight U 5 extra", "Unrecognized command or argument 'extra'.")]
    [TestCase("weight U 1001", "VALUE: '1001' is no valid number: from 0 to 1000")]
    [TestCase("weight U 50%", "VALUE: '50%' is no valid number: from 0 to 1000")]
    [TestCase("maximum U 0", "VALUE: '0' is no valid number: from 1 to 2147483647")]
    [TestCase("ready U --cut", "Unrecognized command or argument '--cut'.")]
    [TestCase("weight U", "Required argument missing for command: 'weight'.")]
    public async Task A_mistake_is_one_line_that_names_it_and_changes_nothing(string arguments, string mistake)
    {
        await using CommandProcess command = await Run(arguments);

        Assert.That(command.Error, Is.EqualTo([$"proxycore: {mistake}", "Try 'proxycore --help'."]));
        Assert.That(await command.ExitAsync(), Is.EqualTo(2));
        Assert.That((await Proxy.Proxy.GetSnapshotAsync(0)).Routes[0].Upstreams[0].SetByHandAt, Is.Null);
    }

    [TestCase("upstream", "upstream: what is to be done? drain, disable, ready, cut, weight, maximum or reset")]
    [TestCase("upstream maint 3000", "upstream: 'maint' is not drain, disable, ready, cut, weight, maximum or reset")]
    [TestCase("upstream drian 3000 --route web", "upstream: 'drian' is not drain, disable, ready, cut, weight, maximum or reset. Did you mean drain?")]
    [TestCase("--admin 9099 upstream drain 3000", "--admin: has no meaning before 'upstream'")]
    public async Task A_command_that_says_nothing_to_do_is_bad_usage(string arguments, string mistake)
    {
        await using CommandProcess command = await CommandProcess.RunAsync(arguments.Split(' '));

        Assert.That(command.Error, Is.EqualTo([$"proxycore: {mistake}", "Try 'proxycore --help'."]));
        Assert.That(await command.ExitAsync(), Is.EqualTo(2));
    }

    [Test]
    public async Task Help_has_examples()
    {
        await using CommandProcess command = await CommandProcess.RunAsync("upstream", "drain", "--help");

        Assert.That(string.Join('\n', command.Output), Does.Contain("--cut").And.Contain("--route <NAME>").And.Contain("proxycore upstream drain 10.0.0.2:80"));
    }

    private Task<CommandProcess> Run(string arguments, string? token = RunningAdmin.Token, RunningAdmin? admin = null) => Run(
        [.. arguments.Split(' ').Select(word => word == "U" ? Address : word), "--admin", (admin ?? Page).Endpoint.ToString()], token);

    private static async Task<CommandProcess> Run(string[] words, string? token)
    {
        var command = CommandProcess.StartWith(token is null ? [] : [("PROXYCORE_ADMIN_TOKEN", token)], ["upstream", .. words]);
        await command.ExitAsync();
        return command;
    }
}
