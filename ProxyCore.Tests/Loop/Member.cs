using ProxyCore.Loop;

namespace ProxyCore.Tests.Loop;

/// <summary>An owner that keeps what it is ended with.</summary>
internal sealed class Member(Action? onFault = null) : ILoopMember
{
    internal List<Exception> Faults { get; } = [];

    public void Fault(Exception exception)
    {
        Faults.Add(exception);
        onFault?.Invoke();
    }
}
