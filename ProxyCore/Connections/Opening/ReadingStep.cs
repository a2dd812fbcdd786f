using ProxyCore.Loop;

namespace ProxyCore.Connections.Opening;

/// <summary>A step that reads the client's first bytes until they say what it needs. Belongs to the loop's thread.</summary>
internal abstract class ReadingStep(IReadingConnection connection) : OpeningStep
{
    internal sealed override Interest ClientInterest => Interest.Read;

    /// <summary>The most bytes worth receiving.</summary>
    protected abstract int MostBytes { get; }

    protected IReadingConnection OpeningConnection => connection;

    internal sealed override StepOutcome OnClientReadable() => Read();

    internal override void Abandon()
    {
    }

    /// <summary>Reads what has come, as far as it is needed.</summary>
    protected StepOutcome Read()
    {
        EarlyResult result = EarlyResult.Received;
        while (result == EarlyResult.Received)
        {
            if (Parse() is { Result: not StepResult.NeedMore } outcome)
            {
                return outcome;
            }

            result = connection.Early.Receive(MostBytes);
        }

        return result switch
        {
            EarlyResult.WouldBlock => StepOutcome.NeedMore,
            EarlyResult.Ended => OnClientEnded(),
            _ => StepOutcome.OfFailure(result),
        };
    }

    /// <summary>Looks at the bytes so far.</summary>
    protected abstract StepOutcome Parse();

    /// <summary>The client has finished before the bytes were enough.</summary>
    protected abstract StepOutcome OnClientEnded();
}
