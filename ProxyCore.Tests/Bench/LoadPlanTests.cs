using System.Runtime.Versioning;
using ProxyCore.Bench.Load;

namespace ProxyCore.Tests.Bench;

[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class LoadPlanTests
{
    [Test]
    public void Parse_reads_the_arguments_that_the_plan_was_written_as([Values] LoadKind kind)
    {
        var plan = new LoadPlan(kind, Port: 8080, Busy: 64, Idle: 4500, Rate: 8000, WarmUp: 0.25, Seconds: 1.5, HandshakePort: 8443, HandshakeRate: 200, Count: 7);

        Assert.That(LoadPlan.Parse(plan.ToArguments()), Is.EqualTo(plan));
    }
}
