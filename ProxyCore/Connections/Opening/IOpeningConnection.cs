using ProxyCore.Loop;

namespace ProxyCore.Connections.Opening;

/// <summary>A connection, as the steps of its opening see it. Belongs to the loop's thread.</summary>
internal interface IOpeningConnection : ILoopMember
{
    /// <summary>Changes what the client is watched for.</summary>
    void WatchClient(Interest interest);

    /// <summary>Arms the connection's own timer, which calls <see cref="OpeningSequence.OnTimeLimit"/>.</summary>
    void ArmStepTimer(TimeSpan delay);

    void CancelStepTimer();

    /// <summary>Changes the phase that reports show.</summary>
    void MoveTo(ConnectionPhase phase);

    /// <summary>Ends the connection at once, as <paramref name="refusal"/> says.</summary>
    void Refuse(in StepOutcome refusal);

    /// <summary>All steps are over: the relay begins.</summary>
    void BeginRelay();
}
