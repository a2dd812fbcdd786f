using Moq;
using ProxyCore.Connections.Opening;
using ProxyCore.Loop;

namespace ProxyCore.Tests.Connections;

/// <summary>The steps of an opening run one after the other, each once and within its time.</summary>
internal sealed class OpeningSequenceTests
{
    private readonly Mock<IOpeningConnection> _connection = new();
    private OpeningSequence _opening = null!;

    [SetUp]
    public void SetUp()
    {
        _connection.Reset();

        // As a connection does: when it ends, it abandons the step that runs.
        _connection.Setup(static connection => connection.Refuse(in It.Ref<StepOutcome>.IsAny)).Callback(() => _opening.Abandon());
    }

    [Test]
    public void Steps_that_need_nothing_follow_each_other_at_once_and_the_relay_begins()
    {
        Step[] steps = [new(StepOutcome.Next), new(StepOutcome.Next)];

        Begin(steps);

        Assert.That(steps.Select(static step => step.Begun), Is.All.EqualTo(1));
        _connection.Verify(static connection => connection.BeginRelay(), Times.Once);
    }

    [Test]
    public void A_step_that_needs_more_holds_up_the_next_until_the_client_has_sent_it()
    {
        var reader = new Step(StepOutcome.NeedMore) { Interest = Interest.Read, OnRead = StepOutcome.NeedMore };
        var next = new Step(StepOutcome.Next);
        Begin(reader, next);
        _connection.Verify(static connection => connection.WatchClient(Interest.Read), Times.Once);

        _opening.OnClientReadable();
        Assert.That(next.Begun, Is.Zero);
        reader.OnRead = StepOutcome.Next;
        _opening.OnClientReadable();

        Assert.That(next.Begun, Is.EqualTo(1));
        _connection.Verify(static connection => connection.BeginRelay(), Times.Once);
    }

    [Test]
    public void A_client_whose_bytes_are_not_read_is_watched_for_a_reset()
    {
        Begin(new Step(StepOutcome.NeedMore));

        _connection.Verify(static connection => connection.WatchClient(Interest.Reset), Times.Once);
    }

    [Test]
    public void A_refusal_ends_the_connection_with_its_reason_and_no_step_follows()
    {
        var next = new Step(StepOutcome.Next);

        Begin(new Step(StepOutcome.Refuse(EndReason.QueueFull)), next);

        Assert.That(next.Begun, Is.Zero);
        _connection.Verify(static connection => connection.Refuse(StepOutcome.Refuse(EndReason.QueueFull)), Times.Once);
        _connection.Verify(static connection => connection.BeginRelay(), Times.Never);
    }

    [Test]
    public void An_opening_that_has_not_begun_can_be_abandoned()
    {
        var step = new Step(StepOutcome.NeedMore);
        var opening = new OpeningSequence(_connection.Object, [step]);

        opening.Abandon();

        Assert.That(step.Abandoned, Is.Zero);
    }

    [Test]
    public void A_step_may_complete_while_it_begins()
    {
        var next = new Step(StepOutcome.Next);
        var early = new Step(StepOutcome.NeedMore) { CompletesWhileItBegins = true };

        Begin(early, next);

        Assert.That(next.Begun, Is.EqualTo(1));
        _connection.Verify(static connection => connection.WatchClient(It.IsAny<Interest>()), Times.Never);
    }

    [Test]
    public void Each_step_has_the_time_that_it_asks_for_and_no_more()
    {
        var first = new Step(StepOutcome.NeedMore) { Limit = TimeSpan.FromSeconds(3), OnLimit = StepOutcome.Refuse(EndReason.ConnectTimeout) };
        Begin(first);
        _connection.Verify(static connection => connection.ArmStepTimer(TimeSpan.FromSeconds(3)), Times.Once);

        _opening.OnTimeLimit();

        _connection.Verify(static connection => connection.Refuse(StepOutcome.Refuse(EndReason.ConnectTimeout)), Times.Once);
        Assert.That(first.Abandoned, Is.EqualTo(1));
    }

    [Test]
    public void The_timer_of_a_step_ends_with_it()
    {
        var first = new Step(StepOutcome.NeedMore) { Limit = TimeSpan.FromSeconds(3) };
        Begin(first, new Step(StepOutcome.NeedMore));

        _opening.Complete(first, StepOutcome.Next);

        _connection.Verify(static connection => connection.CancelStepTimer(), Times.Once);
    }

    [Test]
    public void A_connection_that_ends_abandons_the_step_that_runs_and_only_that()
    {
        Step[] steps = [new(StepOutcome.Next), new(StepOutcome.NeedMore), new(StepOutcome.Next)];
        Begin(steps);

        _opening.Abandon();
        _opening.Abandon();

        Assert.That(steps.Select(static step => step.Abandoned), Is.EqualTo([0, 1, 0]));
    }

    private void Begin(params OpeningStep[] steps)
    {
        _opening = new OpeningSequence(_connection.Object, steps);
        _opening.Begin();
    }

    private sealed class Step(StepOutcome onBegin) : OpeningStep
    {
        internal Interest Interest { get; init; } = Interest.Reset;

        internal TimeSpan? Limit { get; init; }

        internal bool CompletesWhileItBegins { get; init; }

        internal StepOutcome OnRead { get; set; }

        internal StepOutcome OnLimit { get; init; }

        internal int Begun { get; private set; }

        internal int Abandoned { get; private set; }

        internal override TimeSpan? TimeLimit => Limit;

        internal override Interest ClientInterest => Interest;

        internal override StepOutcome Begin(OpeningSequence opening)
        {
            Begun++;
            if (CompletesWhileItBegins)
            {
                opening.Complete(this, StepOutcome.Next);
            }

            return onBegin;
        }

        internal override StepOutcome OnClientReadable() => OnRead;

        internal override StepOutcome OnTimeLimit() => OnLimit;

        internal override void Abandon() => Abandoned++;
    }
}
