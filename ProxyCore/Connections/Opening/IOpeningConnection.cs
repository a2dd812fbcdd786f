using System.Net.Sockets;
using ProxyCore.Loop;

namespace ProxyCore.Connections.Opening;

/// <summary>A connection, as the steps of its opening see it. Belongs to the loop's thread.</summary>
internal interface IOpeningConnection : ILoopMember
{
    /// <summary>What logs call the connection.</summary>
    long Id { get; }

    Socket Client { get; }

    /// <summary>Changes what the client is watched for.</summary>
    void WatchClient(Interest interest);

    /// <summary>Arms the connection's own timer, which calls <see cref="OpeningSequence.OnTimeLimit"/>.</summary>
    void ArmStepTimer(TimeSpan delay);

    void CancelStepTimer();

    /// <summary>Changes the phase that reports show.</summary>
    void MoveTo(ConnectionPhase phase);

    /// <summary>Ends the connection at once, with a reset, unless it has ended.</summary>
    void Cut(EndReason reason);

    /// <summary>All steps are over: the relay begins.</summary>
    void BeginRelay();
}
