namespace ProxyCore.Loop;

/// <summary>
/// Whoever the loop calls: an exception that escapes one of its handlers ends it, and nobody else.
/// </summary>
internal interface ILoopMember
{
    /// <summary>Ends this member after <paramref name="exception"/> escaped one of its handlers.</summary>
    void Fault(Exception exception);
}
