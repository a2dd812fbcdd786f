using ProxyCore.Tests.Admin;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Cli;

/// <summary><c>proxycore deny</c> beside a proxy that runs.</summary>
internal sealed class DenyCommandTests : AdminFixture
{
    [Test]
    public async Task Address_is_denied_listed_and_let_in_again()
    {
        using Peer client = await Proxy.Connect();
        await client.Echoes("before");

        await using CommandProcess denied = await Run("127.0.0.0/8", "--for", "90m", "--end");

        await client.ReceivesReset();
        Assert.That(denied.Output, Has.One.Match(@"^127\.0\.0\.0/8 is denied for 1 h (30|29) m, since \d{4}-\S+Z$"));
        await using CommandProcess list = await Run("list");
        Assert.That(list.Output, Has.One.StartsWith("127.0.0.0/8 is denied for 1 h "));
        await using CommandProcess removed = await Run("remove", "127.0.0.0/8");
        Assert.That(removed.Output, Is.EqualTo(["127.0.0.0/8 is denied no more"]));
        Assert.That(await removed.ExitAsync(), Is.Zero);
        Assert.That(Proxy.Proxy.GetDenied(), Is.Empty);
    }

    [Test]
    public async Task Address_that_is_not_denied_is_told_and_the_exit_code_is_1()
    {
        await using CommandProcess command = await Run("remove", "192.0.2.7");

        Assert.That(command.Error, Is.EqualTo([$"proxycore: The admin page at {Page.Endpoint} answers: 192.0.2.7 is not denied by itself"]));
        Assert.That(await command.ExitAsync(), Is.EqualTo(1));
    }

    [TestCase("10.0.0.1/8", "ADDRESS: '10.0.0.1/8' has bits set after the first 8: write 10.0.0.0/8, or the address alone")]
    [TestCase("10.0.0.1 --for 721h", "--for: '721h' is too long: at most 720h")]
    [TestCase("10.0.0.1 now", "Unrecognized command or argument 'now'.")]
    [TestCase("list 10.0.0.1", "Unrecognized command or argument '10.0.0.1'.")]
    public async Task A_mistake_is_one_line_that_names_it_and_changes_nothing(string arguments, string mistake)
    {
        await using CommandProcess command = await Run(arguments.Split(' '));

        Assert.That(command.Error, Is.EqualTo([$"proxycore: {mistake}", "Try 'proxycore --help'."]));
        Assert.That(await command.ExitAsync(), Is.EqualTo(2));
        Assert.That(Proxy.Proxy.GetDenied(), Is.Empty);
    }

    private async Task<CommandProcess> Run(params string[] words)
    {
        var command = CommandProcess.StartWith(
            [("PROXYCORE_ADMIN_TOKEN", RunningAdmin.Token)], ["deny", .. words, "--admin", Page.Endpoint.ToString()]);
        await command.ExitAsync();
        return command;
    }
}
