using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace ProxyCore.Tests.Harness;

/// <summary>What runs the program of the tests when no such machine is there: see <c>.ci/portable</c>.</summary>
internal enum StandIn
{
    /// <summary>qemu-aarch64: an ARM64 processor, under the kernel of this machine.</summary>
    Qemu,

    /// <summary>Wine: the calls of Windows, on Linux.</summary>
    Wine,
}

/// <summary>
/// The test can't run there, for a reason that lies in the stand-in and not in the proxy. The category <c>NotUnderQemu</c> or
/// <c>NotUnderWine</c> leaves it out.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
internal sealed class NotUnderAttribute(StandIn standIn, string reason) : NUnitAttribute, IApplyToTest
{
    public void ApplyToTest(Test test)
    {
        test.Properties.Add(PropertyNames.Category, $"NotUnder{standIn}");
        test.Properties.Add($"WhyNotUnder{standIn}", reason);
    }
}
