namespace ProxyCore.Loop;

/// <summary>
/// An owner of handlers that the loop calls. An exception that escapes a handler ends its owner, and nothing else.
/// </summary>
internal interface ILoopMember
{
    /// <summary>Ends this member after <paramref name="exception"/> escaped one of its handlers.</summary>
    void Fault(Exception exception);
}
