using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace ProxyCore.Tests.Pools;

/// <summary>A source of upstreams that says what the test says.</summary>
internal sealed class TestSource : IUpstreamSource
{
    private readonly Channel<Func<IReadOnlyList<UpstreamTarget>?>> _says = Channel.CreateUnbounded<Func<IReadOnlyList<UpstreamTarget>?>>();
    private int _watches;
    private int _open;

    /// <summary>How often it was asked.</summary>
    internal int Watches => Volatile.Read(ref _watches);

    /// <summary>How many watches have not ended.</summary>
    internal int Open => Volatile.Read(ref _open);

    internal void Finds(params UpstreamTarget[] targets) => _says.Writer.TryWrite(() => targets);

    internal void Fails(string cause) => _says.Writer.TryWrite(() => throw new InvalidOperationException(cause));

    /// <summary>The watch ends in order.</summary>
    internal void Ends() => _says.Writer.TryWrite(static () => null);

    public async IAsyncEnumerable<IReadOnlyList<UpstreamTarget>> WatchAsync(
        string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _watches);
        Interlocked.Increment(ref _open);
        try
        {
            await foreach (Func<IReadOnlyList<UpstreamTarget>?> says in _says.Reader.ReadAllAsync(cancellationToken))
            {
                if (says() is not { } targets)
                {
                    yield break;
                }

                yield return targets;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    public string? FindFault(string name) => name == "bad" ? "it is bad" : null;
}
