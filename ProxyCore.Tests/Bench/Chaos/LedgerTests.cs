using System.Runtime.Versioning;
using ProxyCore.Bench.Chaos.Reckoning;
using ProxyCore.Bench.Chaos.Transfers;

namespace ProxyCore.Tests.Bench.Chaos;

[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class LedgerTests
{
    private Ledger _ledger = new();

    [SetUp]
    public void OpenLedger() => _ledger = new Ledger();

    [Test]
    public void A_transfer_is_judged_once_both_ends_and_the_log_have_told()
    {
        Account account = Begin();
        account.AddServer("pool");
        account.Client = new EndReport(EndOfTransfer.Whole, Told.Up, Told.Down);
        _ledger.Add(Told.Line("ClientFin", account.Plan.Number));

        _ledger.JudgeComplete();
        Assert.That(_ledger.Open, Is.EqualTo(1), "its server has not told yet");

        account.Server = new EndReport(EndOfTransfer.Whole, Told.Down, Told.Up);
        _ledger.JudgeComplete();

        Assert.That((_ledger.Open, _ledger.Count(Rule.Whole)), Is.EqualTo((0, 1)));
    }

    [Test]
    public void What_is_left_at_the_end_is_judged_by_what_was_told()
    {
        Begin();

        _ledger.JudgeRest();

        Assert.That((_ledger.Open, _ledger.Count(Rule.Stalled)), Is.EqualTo((0, 1)));
    }

    [Test]
    public void Equal_cases_are_counted_together_with_the_first_as_example()
    {
        for (int client = 0; client < 3; client++)
        {
            Account account = Begin();
            account.Client = new EndReport(EndOfTransfer.Reset, 0, 0);
            _ledger.Add(Told.Line("NoUpstream", account.Plan.Number));
        }

        _ledger.JudgeComplete();

        Assert.That(_ledger.Cases.Single().Key.Rule, Is.EqualTo(Rule.Cut));
        Assert.That(_ledger.Cases.Single().Value.Count, Is.EqualTo(3));
    }

    [Test]
    public void Lines_without_a_client_and_lines_of_nobody_are_counted_apart()
    {
        _ledger.Add(Told.NamelessLine());
        _ledger.Add(Told.Line("ClientFin", client: 1234));
        _ledger.Add(Told.Line("ClientFin", Begin().Plan.Number));

        Assert.That((_ledger.Lines, _ledger.Nameless, _ledger.Strangers), Is.EqualTo((3, 1, 1)));
    }

    [Test]
    public void Clients_that_came_while_their_endpoint_was_closed_are_counted_apart()
    {
        Account account = Begin();
        account.MetClosedEndpoint = true;
        account.Client = new EndReport(EndOfTransfer.Reset, 0, 0);
        Assert.That(_ledger.LostWithEndpoint, Is.EqualTo(1));

        _ledger.JudgeRest();

        Assert.That((_ledger.Count(Rule.Excused), _ledger.Count(Rule.Logged)), Is.EqualTo((1, 0)));
    }

    [TestCase(1)]
    [TestCase(ClientAddress.Count - 1)]
    public void The_address_of_a_client_tells_its_number(int number) =>
        Assert.That(ClientAddress.Number(ClientAddress.Of(number)), Is.EqualTo(number));

    private Account Begin() => _ledger.Begin("pool", static number => new TransferPlan(number, TransferKind.BothWays, 100, 200));
}
