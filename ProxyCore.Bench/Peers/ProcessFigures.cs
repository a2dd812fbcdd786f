using System.Globalization;

namespace ProxyCore.Bench.Peers;

/// <summary>What /proc tells of a process and all below it.</summary>
internal static class ProcessFigures
{
    // Linux, include/uapi/asm-generic/param.h: the unit of the times in /proc/PID/stat, 10 ms.
    private const long NanosecondsPerTick = 10_000_000;

    /// <summary>The processor time that it has used, in ns; of children that have ended already in steps of 10 ms.</summary>
    internal static long ProcessorTime(int process) => Tree(process).Sum(static one => TimeOfThreads(one) + TimeOfEndedChildren(one));

    /// <summary>The memory that it has resident, in bytes.</summary>
    internal static long Resident(int process) => Tree(process).Sum(static one => ResidentOf(ReadLines($"/proc/{one}/status")));

    /// <summary>The resident memory that the lines of a status file tell, in bytes.</summary>
    internal static long ResidentOf(IEnumerable<string> status)
    {
        string? line = status.FirstOrDefault(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? 0 : Number(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
    }

    /// <summary>It and all that it has started, directly and indirectly.</summary>
    internal static IEnumerable<int> Tree(int process) =>
        Tasks(process)
            .SelectMany(static task => ReadLines($"{task}/children"))
            .SelectMany(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .SelectMany(static child => Tree((int)Number(child)))
            .Prepend(process);

    private static long TimeOfThreads(int process) =>
        Tasks(process)
            .SelectMany(static task => ReadLines($"{task}/schedstat"))
            .Sum(static line => Number(line.Split(' ')[0]));

    private static long TimeOfEndedChildren(int process)
    {
        // The name in parentheses may have blanks; cutime and cstime are the 14th and 15th fields after it.
        string? stat = ReadLines($"/proc/{process}/stat").FirstOrDefault();
        string[] fields = stat is null ? [] : stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields.Length < 15 ? 0 : (Number(fields[13]) + Number(fields[14])) * NanosecondsPerTick;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static string[] Tasks(int process)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{process}/task");
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return [];
        }
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (IOException)
        {
            // A thread or a child ended meanwhile.
            return [];
        }
    }
}
