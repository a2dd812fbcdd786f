using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using ProxyCore.Platform;

namespace ProxyCore.Tests.Harness;

/// <summary>What is tested holds only where the library makes Linux's own calls: skipped elsewhere, and with the ways of Windows.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class LinuxCallsAttribute(string reason) : NUnitAttribute, IApplyToTest
{
    public void ApplyToTest(Test test)
    {
        if (!TargetSystem.IsLinux && test.RunState != RunState.NotRunnable)
        {
            test.RunState = RunState.Skipped;
            test.Properties.Set(PropertyNames.SkipReason, reason);
        }
    }
}
