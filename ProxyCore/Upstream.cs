namespace ProxyCore;

/// <summary>One upstream of a pool, as an <see cref="IBalancingPolicy"/> sees it.</summary>
public sealed class Upstream
{
    /// <summary>Makes one. The proxy makes its own; this is for the tests of a policy.</summary>
    /// <param name="address">Where it is: see <see cref="Address"/>.</param>
    /// <param name="weight">Its share of the connections: see <see cref="Weight"/>.</param>
    /// <param name="connections">How many connections it has.</param>
    public Upstream(string address, int weight = 1, int connections = 0)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentOutOfRangeException.ThrowIfLessThan(weight, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(connections, 0);
        Address = address;
        Weight = weight;
        Share = weight;
        Connections = connections;
    }

    /// <summary>Its address as it is configured, or, of a name whose addresses count one by one, that address.</summary>
    public string Address { get; }

    /// <summary>Its share of the connections beside the weights of the others. A reload may change it.</summary>
    public int Weight { get; internal set; }

    /// <summary>The weight as far as it has grown, while it starts slowly.</summary>
    internal double Share { get; set; }

    /// <summary>How many connections it has, being connected or relaying, on all loops.</summary>
    public int Connections { get; internal set; }

    /// <summary>The address.</summary>
    public override string ToString() => Address;
}
