namespace ProxyCore.Tests.Identity;

/// <summary>Keeps the report of the first connection that ends.</summary>
internal sealed class LastReport : IConnectionObserver
{
    private readonly TaskCompletionSource<ConnectionReport> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<ConnectionReport> Ended => _ended.Task.WaitAsync(Harness.Bound.Wait);

    public void OnEnded(ConnectionReport connection) => _ended.TrySetResult(connection);
}
