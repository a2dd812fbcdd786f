using System.CommandLine;
using System.CommandLine.Invocation;
using Microsoft.Extensions.Options;
using ProxyCore.Cli;

try
{
    // No response files: an argument that begins with @ is an argument.
    ParseResult parsed = new RelayCommand().Build().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
    return parsed.Action is ParseErrorAction
        ? UsageErrors.Write(parsed.Errors, Console.Error)
        : await parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,

            // The signals are ours: they drain.
            ProcessTerminationTimeout = null,
        });
}
catch (OptionsValidationException exception)
{
    return UsageErrors.Write(exception.Failures, Console.Error);
}
catch (IOException exception) // ListenException is one; the other is about the access log
{
    Console.Error.WriteLine($"proxycore: {OneLine.Escape(exception.Message)}");
    return ExitCode.CannotRun;
}
catch (Exception exception)
{
    Console.Error.WriteLine($"proxycore: {OneLine.Escape($"{exception.GetType().Name}: {exception.Message}")}");
    return ExitCode.CannotRun;
}
