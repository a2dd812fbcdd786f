using ProxyCore.Cli.WindowsServices;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Cli.WindowsServices;

/// <summary>What Windows is told of a service, with the test in its place.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class ServiceConversationTests
{
    private int _stops;

    [Test]
    public async Task The_start_is_asked_for_first_and_is_over_when_clients_are_accepted()
    {
        ServiceConversation conversation = Begin();
        Task asking = Task.Run(conversation.AskStart);

        await Bound.Within("the start is asked for", conversation.StartAsked);
        bool wasOver = asking.IsCompleted;
        conversation.TellStarted(static () => TimeSpan.FromSeconds(30));

        await Bound.Within("the start is over", asking);
        Assert.That(wasOver, Is.False);
    }

    [Test]
    public void A_start_that_fails_tells_why()
    {
        ServiceConversation conversation = Begin();

        conversation.TellEnded("can't listen on 127.0.0.1:80: the address is already in use");

        Assert.That(conversation.AskStart, Throws.InvalidOperationException.With.Message.Contains("the address is already in use"));
    }

    [Test]
    public async Task The_stop_asks_the_proxy_and_is_over_when_it_has_ended()
    {
        ServiceConversation conversation = Begin();
        conversation.TellStarted(static () => TimeSpan.FromSeconds(30));
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task asking = Task.Run(() =>
        {
            asked.SetResult();
            conversation.AskStop();
        });

        await Bound.Within("the stop is asked for", asked.Task);
        bool wasOver = asking.IsCompleted;
        conversation.TellEnded();

        await Bound.Within("the stop is over", asking);
        Assert.That((_stops, wasOver), Is.EqualTo((1, false)));
    }

    [Test]
    public void The_stop_may_take_as_long_as_the_drain_that_is_configured_by_then()
    {
        TimeSpan drain = TimeSpan.FromSeconds(30);
        ServiceConversation conversation = Begin();
        conversation.TellStarted(() => drain);

        drain = TimeSpan.FromMinutes(2);

        Assert.That(conversation.StopLimit, Is.EqualTo(TimeSpan.FromSeconds(130)));
    }

    [Test]
    public void Without_a_service_manager_the_start_fails_instead_of_waiting()
    {
        ServiceConversation conversation = Begin();

        conversation.TellNobodyAsks(new InvalidOperationException("no service manager"));

        Assert.That(async () => await conversation.StartAsked, Throws.InvalidOperationException.With.Message.EqualTo("no service manager"));
    }

    private ServiceConversation Begin()
    {
        _stops = 0;
        return new ServiceConversation(() => _stops++);
    }
}
