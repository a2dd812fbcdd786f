using System.Runtime.Versioning;
using System.ServiceProcess;

namespace ProxyCore.Cli.WindowsServices;

/// <summary>The side of the service that Windows calls.</summary>
/// <remarks>
/// Not the lifetime of Microsoft.Extensions.Hosting, which reports the service as running before it has started, so that
/// a port in use looks like a crash, and which does not ask Windows for the time of the drain.
/// </remarks>
[SupportedOSPlatform("windows")]
internal sealed class ManagedService : ServiceBase
{
    private readonly ServiceConversation _conversation;

    internal ManagedService(ServiceConversation conversation)
    {
        _conversation = conversation;
        ServiceName = Product.Name;
        CanShutdown = true;

        // The proxy logs its own start and stop.
        AutoLog = false;
    }

    protected override void OnStart(string[] args) => _conversation.AskStart();

    protected override void OnStop()
    {
        RequestAdditionalTime(_conversation.StopLimit);
        _conversation.AskStop();
    }

    /// <summary>The machine is shut down: Windows waits as long as it likes.</summary>
    protected override void OnShutdown() => _conversation.AskStop();
}
