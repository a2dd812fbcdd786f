namespace ProxyCore.Cli;

/// <summary>The exit codes. The last two follow the shell's convention: 128 plus the signal's number.</summary>
internal static class ExitCode
{
    internal const int Stopped = 0;
    internal const int CannotRun = 1;
    internal const int BadUsage = 2;
    internal const int EndedBySigint = 130;
    internal const int EndedBySigterm = 143;
}
