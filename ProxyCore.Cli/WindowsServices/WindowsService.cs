using System.Runtime.Versioning;
using System.ServiceProcess;
using Microsoft.Extensions.Hosting.WindowsServices;
using ProxyCore.Cli.Signals;
using ProxyCore.Platform;

namespace ProxyCore.Cli.WindowsServices;

/// <summary>The proxy as a service of Windows. Any thread.</summary>
internal static class WindowsService
{
    private static readonly TimeSpan _toReport = TimeSpan.FromSeconds(5);

    /// <summary>Whether the service manager of Windows has started this process.</summary>
    [SupportedOSPlatformGuard("windows")]
    internal static bool IsOne { get; } = TargetSystem.IsWindows && WasStartedByManager();

    /// <summary>
    /// Makes the program's folder the working folder: Windows starts services in its own, where no relative path of a
    /// configuration leads anywhere. Does nothing for a command that is no service.
    /// </summary>
    internal static void UseOwnFolder()
    {
        if (IsOne)
        {
            Directory.SetCurrentDirectory(AppContext.BaseDirectory);
        }
    }

    /// <summary>Runs a proxy as a service: its start and its end are told to Windows.</summary>
    /// <param name="signals">Stop the proxy.</param>
    /// <param name="run">Runs the proxy to its end, and calls what it is given when clients are accepted.</param>
    /// <returns>The exit code.</returns>
    [SupportedOSPlatform("windows")]
    internal static async Task<int> RunAsync(StopSignals signals, Func<Action<TcpProxy>, Task<int>> run)
    {
        var conversation = new ServiceConversation(signals.Stop);
        using var service = new ManagedService(conversation);
        Thread manager = Dispatch(service, conversation);
        string? failure = null;
        try
        {
            await conversation.StartAsked;
            return await run(proxy => conversation.TellStarted(() => proxy.DrainTimeout));
        }
        catch (Exception exception)
        {
            failure = exception.Message;
            service.ExitCode = ExitCode.CannotRun;
            throw;
        }
        finally
        {
            conversation.TellEnded(failure);
            End(service, manager);
        }
    }

    // Of its own, so that other systems don't load the package.
    private static bool WasStartedByManager() => WindowsServiceHelpers.IsWindowsService();

    /// <summary>A thread that Windows calls the service on, until the service has stopped.</summary>
    [SupportedOSPlatform("windows")]
    private static Thread Dispatch(ManagedService service, ServiceConversation conversation)
    {
        var manager = new Thread(() =>
        {
            try
            {
                ServiceBase.Run(service);
            }
            catch (Exception exception)
            {
                // A start that has failed, which its own end reports.
                conversation.TellNobodyAsks(exception);
            }

            conversation.TellNobodyAsks(new InvalidOperationException("Windows has ended the service before its start"));
        })
        {
            IsBackground = true,
            Name = "proxycore service",
        };
        manager.Start();
        return manager;
    }

    /// <summary>The service ends by itself when its loop has failed; then nobody has asked it to stop.</summary>
    [SupportedOSPlatform("windows")]
    private static void End(ManagedService service, Thread manager)
    {
        if (!manager.Join(TimeSpan.FromSeconds(1)))
        {
            service.Stop();
            manager.Join(_toReport);
        }
    }
}
