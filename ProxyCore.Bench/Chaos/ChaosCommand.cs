using System.CommandLine;

namespace ProxyCore.Bench.Chaos;

/// <summary>The verb that tries whether the proxy keeps its promises while everything around it goes wrong.</summary>
internal sealed class ChaosCommand
{
    private readonly Option<double> _seconds = new("--seconds") { Description = "How long the chaos lasts", DefaultValueFactory = static _ => 180 };

    private readonly Option<int?> _seed = new("--seed") { Description = "What all that is drawn comes from, to repeat a run [default: another each time]" };

    private readonly Option<string?> _native = new("--native") { Description = "The command to try [default: the native one, which is built]" };

    private readonly Option<string?> _folder = new("--folder") { Description = "Where configuration and logs go, to keep them [default: a temporary folder]" };

    internal Command Build()
    {
        var command = new Command("chaos", "Tries whether every byte arrives and every figure is right while everything around goes wrong.")
        {
            _seconds, _seed, _native, _folder,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string? kept = parsed.GetValue(_folder);
        string folder = kept ?? Directory.CreateTempSubdirectory("proxycore-chaos-").FullName;
        try
        {
            Directory.CreateDirectory(folder);
            string program = parsed.GetValue(_native) ?? BuiltCommand.Publish(Path.Combine(folder, "native"), native: true);
            var options = new ChaosOptions(
                TimeSpan.FromSeconds(parsed.GetValue(_seconds)),
                parsed.GetValue(_seed) ?? Random.Shared.Next(1_000_000),
                program,
                folder);
            return await new ChaosRun(options, Console.Out).RunAsync(cancellationToken) ? 0 : 1;
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
        finally
        {
            if (kept is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
