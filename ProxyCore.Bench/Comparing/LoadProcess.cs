using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using ProxyCore.Bench.Load;
using ProxyCore.Bench.Load.Tls;

namespace ProxyCore.Bench.Comparing;

/// <summary>The load generator in a process of its own, so that its garbage and its threads are nobody else's.</summary>
internal sealed class LoadProcess : IDisposable
{
    internal const string Command = "load";

    // What it says when it begins to measure; the next line is its result.
    internal const string MeasuringLine = "measuring";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    /// <param name="plan">What it does.</param>
    /// <param name="tlsConfiguration">OpenSSL's configuration for it.</param>
    internal LoadProcess(LoadPlan plan, string tlsConfiguration)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, Self.Arguments([Command, .. plan.ToArguments()]))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        if (plan.Kind.IsTls())
        {
            start.Environment["OPENSSL_CONF"] = tlsConfiguration;
        }

        _process = Process.Start(start)!;
    }

    /// <summary>Runs it in this process, writes what the owner reads, and keeps the connections open until the owner ends it.</summary>
    internal static async Task<int> RunAsync(LoadPlan plan)
    {
        try
        {
            // The plain load generator owns its thread.
            LoadResult result = plan.Kind.IsTls() && plan.Kind != LoadKind.TlsBesidePlain
                ? await new TlsRun(plan, SayMeasuring).RunAsync()
                : new LoadRun(plan, SayMeasuring).Run();
            Console.WriteLine(JsonSerializer.Serialize(result));
            Console.In.Read();
            return 0;
        }
        catch (Exception exception) when (exception
            is InvalidOperationException or InvalidDataException or IOException or AuthenticationException or SocketException)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }
    }

    /// <summary>Waits until it begins to measure.</summary>
    internal async Task Measuring(CancellationToken cancellationToken)
    {
        if (await ReadLine(cancellationToken) != MeasuringLine)
        {
            throw await Failure(cancellationToken);
        }
    }

    /// <summary>Waits for its end.</summary>
    internal async Task<LoadResult> Result(CancellationToken cancellationToken) =>
        await ReadLine(cancellationToken) is { } line
            ? JsonSerializer.Deserialize<LoadResult>(line)!
            : throw await Failure(cancellationToken);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static void SayMeasuring() => Console.WriteLine(MeasuringLine);

    private Task<string?> ReadLine(CancellationToken cancellationToken) =>
        _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(_patience, cancellationToken);

    private async Task<InvalidOperationException> Failure(CancellationToken cancellationToken)
    {
        string error = await _process.StandardError.ReadToEndAsync(cancellationToken);
        return new InvalidOperationException(error.Trim());
    }
}
