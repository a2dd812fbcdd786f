namespace ProxyCore;

/// <summary>
/// How many connects of a route may be retries, so that a pool of which all have failed is not hammered by clients that try
/// one upstream after the other.
/// </summary>
/// <remarks>
/// A retry is every further upstream that is tried for a client whose connect has failed, in the same round or a later one.
/// Those of the last 10 s count, for all clients of the route, on all loops together. When the budget is used up, a client
/// whose connect fails is refused at once, with the <see cref="EndReason"/> of that failure. Further addresses of one upstream
/// are no retries.
/// </remarks>
public sealed class RetryBudgetOptions
{
    /// <summary>How many retries there may be for each client that comes. Default 0.2; 0 to 1.</summary>
    public double Share { get; set; } = 0.2;

    /// <summary>
    /// How many retries a second there may be beside these, on average over the 10 s. Default 10; from 0. With 0, and a
    /// <see cref="Share"/> of 0, there are none.
    /// </summary>
    public int Minimum { get; set; } = 10;

    /// <summary>The same options in an object of its own.</summary>
    internal RetryBudgetOptions Copy() => (RetryBudgetOptions)MemberwiseClone();
}
