using System.Runtime.CompilerServices;
using ProxyCore.Platform;

namespace ProxyCore.Tests.Harness;

/// <summary>Has the library of this run take the ways of Windows, if the environment asks for it.</summary>
/// <remarks>The library reads its switch once, so this comes before all else of the assembly.</remarks>
internal static class WaysOfWindows
{
    private const string Variable = "PROXYCORE_TEST_WAYS_OF_WINDOWS";

    [ModuleInitializer]
    internal static void TakeIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) == "1")
        {
            AppContext.SetSwitch(TargetSystem.Switch, true);
        }
    }
}
