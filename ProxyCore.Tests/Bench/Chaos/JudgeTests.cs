using System.Runtime.Versioning;
using ProxyCore.Bench.Chaos.Reckoning;
using ProxyCore.Bench.Chaos.Transfers;

namespace ProxyCore.Tests.Bench.Chaos;

[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class JudgeTests
{
    [TestCase("ClientFin")]
    [TestCase("UpstreamFin")]
    public void What_both_ends_and_the_log_call_whole_is_whole(string reason) =>
        Assert.That(RuleFor(Told.Transfer(reason: reason)), Is.EqualTo(Rule.Whole));

    [TestCase(EndOfTransfer.WrongBytes, EndOfTransfer.Whole, Rule.Corrupt)]
    [TestCase(EndOfTransfer.Whole, EndOfTransfer.TooMuch, Rule.Corrupt)]
    [TestCase(EndOfTransfer.EarlyFin, EndOfTransfer.Reset, Rule.LooksWhole)]
    [TestCase(EndOfTransfer.Left, EndOfTransfer.EarlyFin, Rule.LooksWhole)]
    [TestCase(EndOfTransfer.EarlyFin, EndOfTransfer.Killed, Rule.LooksWhole)]
    public void Wrong_bytes_and_an_early_FIN_are_never_excused(EndOfTransfer client, EndOfTransfer server, Rule rule)
    {
        Account account = Told.Transfer(client, server, "UpstreamReset");
        account.IsEndedByApi = true;
        account.MetUpstreamTrouble = true;

        Assert.That(RuleFor(account), Is.EqualTo(rule));
    }

    [TestCase(EndOfTransfer.Left, EndOfTransfer.Reset, "ClientReset")]
    [TestCase(EndOfTransfer.Reset, EndOfTransfer.Left, "UpstreamReset")]
    [TestCase(EndOfTransfer.Reset, EndOfTransfer.Killed, "UpstreamReset")]
    public void A_cut_by_one_of_the_ends_is_excused(EndOfTransfer client, EndOfTransfer server, string reason) =>
        Assert.That(RuleFor(Told.Transfer(client, server, reason)), Is.EqualTo(Rule.Excused));

    [Test]
    public void A_cut_through_the_API_is_excused()
    {
        Account account = Told.Transfer(EndOfTransfer.Reset, EndOfTransfer.Reset, "Operator");
        Assert.That(RuleFor(account), Is.EqualTo(Rule.Cut));

        account.IsEndedByApi = true;

        Assert.That(RuleFor(account), Is.EqualTo(Rule.Excused));
    }

    [Test]
    public void A_cut_in_the_backlog_of_a_server_is_excused_when_the_server_stopped_meanwhile()
    {
        Account account = Told.Transfer(EndOfTransfer.Reset, server: null, "UpstreamReset");
        Assert.That(RuleFor(account), Is.EqualTo(Rule.Cut));

        account.MetUpstreamTrouble = true;

        Assert.That(RuleFor(account), Is.EqualTo(Rule.Excused));
    }

    [TestCase("NoUpstream")]
    [TestCase("ConnectRefused")]
    [TestCase("QueueTimeout")]
    public void A_client_that_the_proxy_gives_up_on_is_cut_though_a_server_stopped(string reason)
    {
        Account account = Told.Transfer(EndOfTransfer.Reset, server: null, reason);
        account.MetUpstreamTrouble = true;

        Assert.That(RuleFor(account), Is.EqualTo(Rule.Cut));
    }

    [Test]
    public void A_server_that_stopped_does_not_excuse_a_transfer_of_another_that_was_cut()
    {
        Account account = Told.Transfer(EndOfTransfer.Reset, EndOfTransfer.Reset, "UpstreamReset");
        account.MetUpstreamTrouble = true;

        Assert.That(RuleFor(account), Is.EqualTo(Rule.Cut));
    }

    [TestCase(true, Rule.Excused)]
    [TestCase(false, Rule.Cut)]
    public void A_refused_connect_is_excused_only_while_the_endpoint_is_away(bool isAway, Rule rule)
    {
        Account account = Told.Transfer(EndOfTransfer.Refused, server: null, reason: null);
        account.MetClosedEndpoint = isAway;

        Assert.That(RuleFor(account), Is.EqualTo(rule));
    }

    [Test]
    public void A_transfer_that_stalled_is_never_excused()
    {
        Account account = Told.Transfer(EndOfTransfer.Stalled, EndOfTransfer.Killed, reason: null);

        Assert.That(RuleFor(account), Is.EqualTo(Rule.Stalled));
    }

    [Test]
    public void A_reset_that_the_log_calls_orderly_is_misreported() =>
        Assert.That(RuleFor(Told.Transfer(EndOfTransfer.Reset, EndOfTransfer.Reset)), Is.EqualTo(Rule.Misreported));

    [Test]
    public void A_whole_transfer_that_the_log_calls_cut_is_misreported() =>
        Assert.That(RuleFor(Told.Transfer(reason: "ClientReset")), Is.EqualTo(Rule.Misreported));

    [TestCase(Told.Up + 1, Told.Down)]
    [TestCase(Told.Up, Told.Down - 1)]
    public void A_whole_transfer_is_misreported_when_the_log_counts_one_byte_more_or_less(long toUpstream, long toClient)
    {
        Account account = Told.Transfer(reason: null);
        account.Add(Told.Line("ClientFin", 7, toUpstream, toClient));

        Assert.That(RuleFor(account), Is.EqualTo(Rule.Misreported));
    }

    [Test]
    public void A_transfer_without_a_line_or_with_two_is_not_logged_as_it_must_be()
    {
        Account two = Told.Transfer();
        two.Add(Told.Line("ClientFin"));

        Assert.That(RuleFor(two), Is.EqualTo(Rule.Logged));
        Assert.That(RuleFor(Told.Transfer(reason: null)), Is.EqualTo(Rule.Logged));
    }

    [TestCase(null)]
    [TestCase(EndOfTransfer.Reset)]
    public void A_transfer_whole_for_the_client_must_be_whole_for_its_server(EndOfTransfer? server) =>
        Assert.That(RuleFor(Told.Transfer(server: server)), Is.EqualTo(Rule.Halved));

    [Test]
    public void A_transfer_that_two_servers_got_is_no_whole_one()
    {
        Account account = Told.Transfer();
        account.AddServer("pool");

        Assert.That(RuleFor(account), Is.EqualTo(Rule.Halved));
    }

    [Test]
    public void A_transfer_that_a_server_of_another_route_got_is_misrouted()
    {
        Account account = Told.Transfer(EndOfTransfer.WrongBytes, server: null);
        account.AddServer("banner");

        Assert.That(RuleFor(account), Is.EqualTo(Rule.Misrouted));
    }

    private static Rule RuleFor(Account account) => Judge.Decide(account).Rule;
}
