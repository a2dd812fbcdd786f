using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;

namespace ProxyCore.Platform;

/// <summary>The operating system whose calls the library makes: the one that it runs on. Any thread.</summary>
/// <remarks>
/// The one place that asks, so that a switch makes the library take the ways of Windows wherever it runs: no parked sockets, .NET's
/// own accept, connect, receive and send, one accepting loop, the error list of Select. So the tests try on Linux the code that
/// runs on Windows and, but for the error list and the loop's signal, on macOS. In a native program the switch is a
/// constant. The getters are inlined, so that the code of the other systems is left out there: without being told, the compiler
/// calls them.
/// </remarks>
internal static class TargetSystem
{
    /// <summary>The switch of <see cref="AppContext"/>; read once, when the first question is asked.</summary>
    internal const string Switch = "ProxyCore.TakesWaysOfWindows";

    private static readonly bool _takesWaysOfWindows = AppContext.TryGetSwitch(Switch, out bool isOn) && isOn;

    /// <summary>Whether the calls are those of Linux.</summary>
    [SupportedOSPlatformGuard("linux")]
    internal static bool IsLinux
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => OperatingSystem.IsLinux() && !TakesWaysOfWindows;
    }

    /// <summary>Whether the calls are those that Windows has: of the ones that .NET offers everywhere.</summary>
    [SupportedOSPlatformGuard("windows")]
    internal static bool IsWindows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => OperatingSystem.IsWindows() || TakesWaysOfWindows;
    }

    /// <summary>Whether the calls are those of macOS.</summary>
    [SupportedOSPlatformGuard("macos")]
    internal static bool IsMacOS
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => OperatingSystem.IsMacOS() && !TakesWaysOfWindows;
    }

    /// <summary>Whether the kernel is that of Windows, which no switch changes: what options of sockets mean depends on it.</summary>
    [SupportedOSPlatformGuard("windows")]
    internal static bool RunsOnWindows => OperatingSystem.IsWindows();

    /// <summary>The same for macOS.</summary>
    [SupportedOSPlatformGuard("macos")]
    internal static bool RunsOnMacOS => OperatingSystem.IsMacOS();

    [FeatureSwitchDefinition(Switch)]
    private static bool TakesWaysOfWindows => _takesWaysOfWindows;
}
