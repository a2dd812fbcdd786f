using ProxyCore.Loop;
using ProxyCore.Platform;

namespace ProxyCore.Tests.Harness;

/// <summary>What the loops of a test do with quiet sockets.</summary>
public enum Parking
{
    /// <summary>All stay in Select's lists.</summary>
    Off,

    /// <summary>What loops do unless told otherwise.</summary>
    Default,

    /// <summary>Each is parked at the first Select that finds it quiet, and returns soon: moves without end.</summary>
    Eager,
}

/// <summary>Tests that hold with parking and without: each says so for itself, as its fixture's first argument.</summary>
/// <remarks>What the loops do by default, in between, is what all other tests run on.</remarks>
public abstract class ParkingFixture(Parking parking)
{
    /// <summary>For the loops of the test that runs; tests run one at a time.</summary>
    internal static ParkingPolicy? Policy { get; private set; } = new();

    /// <summary>Where nothing can be parked, all are the same.</summary>
    [OneTimeSetUp]
    public void RequireParking()
    {
        if (parking == Parking.Eager && !TargetSystem.IsLinux)
        {
            Assert.Ignore("Only Linux parks sockets.");
        }
    }

    [SetUp]
    public void ChoosePolicy() => Policy = parking switch
    {
        Parking.Off => null,
        Parking.Eager => new ParkingPolicy(fewSockets: 0, quietSelects: 1, busyLooks: 2),
        _ => new ParkingPolicy(),
    };

    [TearDown]
    public void ChooseDefault() => Policy = new ParkingPolicy();
}
