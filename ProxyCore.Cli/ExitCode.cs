namespace ProxyCore.Cli;

/// <summary>What the process ends with. The last two are the shell's own: 128 and the signal's number.</summary>
internal static class ExitCode
{
    internal const int Stopped = 0;
    internal const int CannotRun = 1;
    internal const int BadUsage = 2;
    internal const int EndedBySigint = 130;
    internal const int EndedBySigterm = 143;
}
