using System.CommandLine;
using System.CommandLine.Invocation;
using Microsoft.Extensions.Options;
using ProxyCore.Cli;
using ProxyCore.Cli.WindowsServices;

// Of its own size, whatever limit the process was started with.
const int StackSize = 1536 * 1024;

int exitCode = ExitCode.CannotRun;
var main = new Thread(() => exitCode = RunAsync(args).GetAwaiter().GetResult(), StackSize) { Name = "proxycore" };
main.Start();
main.Join();
return exitCode;

static async Task<int> RunAsync(string[] args)
{
    try
    {
        WindowsService.UseOwnFolder();

        // No response files: an argument that begins with @ is an argument.
        ParseResult parsed = new RelayCommand().Build().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        return parsed.Action is ParseErrorAction
            ? UsageErrors.Write(parsed)
            : await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,

                // The signals are ours: they drain.
                ProcessTerminationTimeout = null,
            });
    }
    catch (OptionsValidationException exception)
    {
        return UsageErrors.Write(exception.Failures);
    }
    catch (ArgumentException exception) // a file that an option names can't be used
    {
        return UsageErrors.Write(exception.Message.Split(Environment.NewLine));
    }
    catch (IOException exception) // ListenException is one; the other is about the access log
    {
        StandardStreams.WriteError($"proxycore: {OneLine.Escape(exception.Message)}");
        return ExitCode.CannotRun;
    }
    catch (Exception exception)
    {
        StandardStreams.WriteError($"proxycore: {OneLine.Escape($"{exception.GetType().Name}: {exception.Message}")}");
        return ExitCode.CannotRun;
    }
}
