namespace ProxyCore.Tests.Harness;

/// <summary>A category that <c>.ci/portable</c> leaves out where an emulator stands between the test and the kernel.</summary>
/// <param name="reason">What the emulator lacks.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class NotUnderEmulationAttribute(string reason) : CategoryAttribute
{
    internal const string NoTcpInfo = "qemu 7.2 does not hand TCP_INFO on to the kernel.";
    internal const string NoMemoryInfo = "qemu 7.2 does not hand SO_MEMINFO on to the kernel.";
    internal const string NoInterfaceIndex = "qemu 7.2 does not hand SO_BINDTOIFINDEX on to the kernel.";

    internal string Reason { get; } = reason;
}
