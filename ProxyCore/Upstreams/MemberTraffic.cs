namespace ProxyCore.Upstreams;

/// <summary>The bytes relayed to and from one upstream. Each loop counts its own; any thread may read the sums.</summary>
internal sealed class MemberTraffic
{
    private readonly LoopTraffic[] _loops;

    internal MemberTraffic(int loops)
    {
        _loops = new LoopTraffic[loops];
        for (int loop = 0; loop < loops; loop++)
        {
            _loops[loop] = new LoopTraffic();
        }
    }

    /// <summary>The bytes of one loop; the first loop is 0.</summary>
    internal LoopTraffic this[int loop] => _loops[loop];

    internal long BytesToUpstream => _loops.Sum(static loop => loop.BytesToUpstream);

    internal long BytesToClients => _loops.Sum(static loop => loop.BytesToClients);
}
