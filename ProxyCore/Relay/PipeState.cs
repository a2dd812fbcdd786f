namespace ProxyCore.Relay;

/// <summary>The state of one direction of a connection. It only ever moves downwards in this list.</summary>
internal enum PipeState : byte
{
    /// <summary>Bytes may flow.</summary>
    Open,

    /// <summary>The source has ended: the rest, then the end, are on their way through stage and transport to the sink.</summary>
    Ending,

    /// <summary>The source's end of stream has been handed on: the sink has its FIN.</summary>
    Done,

    /// <summary>One of its two ends was reset or lost: nothing flows any more, and the sink got no FIN.</summary>
    Broken,
}
