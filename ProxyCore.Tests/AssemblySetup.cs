// Most tests measure, count descriptors or allocations, or use one clock: they run alone. Those whose proxy is a process
// of its own mostly wait for it, and run beside each other before the others begin.
[assembly: Parallelizable(ParallelScope.None)]
[assembly: LevelOfParallelism(4)]
