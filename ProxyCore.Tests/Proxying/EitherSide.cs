using System.Collections;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Proxying;

/// <summary>The arguments of fixtures whose tests hold either way round, with parking and without.</summary>
internal sealed class EitherSide : IEnumerable
{
    public IEnumerator GetEnumerator()
    {
        foreach (Parking parking in new[] { Parking.Off, Parking.Eager })
        {
            yield return new TestFixtureData(parking, ConnectionSide.Client);
            yield return new TestFixtureData(parking, ConnectionSide.Upstream);
        }
    }
}
