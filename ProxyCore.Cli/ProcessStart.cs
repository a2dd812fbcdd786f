using System.Reflection;
using System.Runtime.CompilerServices;
using ProxyCore.Cli.Signals;

namespace ProxyCore.Cli;

/// <summary>What has to be done before anything else: before <c>Main</c>, and before any type of the program is used.</summary>
internal static class ProcessStart
{
    [ModuleInitializer]
    internal static void Prepare()
    {
        // A test loads this assembly into a process that is not ours.
        if (Assembly.GetEntryAssembly() != typeof(ProcessStart).Assembly)
        {
            return;
        }

        StandardStreams.OpenClosed();
        HangupSignal.Register();
    }
}
