using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary>
/// Figures of this process in Prometheus' text format: under the names that its client libraries have in common, and those
/// of .NET where toxiproxy has Go's.
/// </summary>
internal static class ProcessFigures
{
    private const string Descriptors = "/proc/self/fd";

    internal static void Append(StringBuilder text)
    {
        using Process process = Process.GetCurrentProcess();
        Append(text, "process_cpu_seconds_total", "counter", process.TotalProcessorTime.TotalSeconds);
        Append(text, "process_resident_memory_bytes", "gauge", process.WorkingSet64);
        Append(text, "process_virtual_memory_bytes", "gauge", process.VirtualMemorySize64);
        Append(text, "process_start_time_seconds", "gauge", (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds);
        Append(text, "process_threads", "gauge", process.Threads.Count);
        if (Directory.Exists(Descriptors))
        {
            Append(text, "process_open_fds", "gauge", Directory.EnumerateFileSystemEntries(Descriptors).Count());
        }

        Append(text, "dotnet_gc_heap_bytes", "gauge", GC.GetTotalMemory(forceFullCollection: false));
        Append(text, "dotnet_gc_allocated_bytes_total", "counter", GC.GetTotalAllocatedBytes());
        Append(text, "dotnet_gc_pause_seconds_total", "counter", GC.GetTotalPauseDuration().TotalSeconds);
        AppendType(text, "dotnet_gc_collections_total", "counter");
        for (int generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            // A collection of a generation is one of all younger ones too.
            int older = generation == GC.MaxGeneration ? 0 : GC.CollectionCount(generation + 1);
            text.Append(
                CultureInfo.InvariantCulture,
                $"dotnet_gc_collections_total{{generation=\"{generation}\"}} {GC.CollectionCount(generation) - older}\n");
        }
    }

    private static void Append(StringBuilder text, string name, string type, double value)
    {
        AppendType(text, name, type);
        text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
    }

    private static void AppendType(StringBuilder text, string name, string type) =>
        text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {type}\n");
}
