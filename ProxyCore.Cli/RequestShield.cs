using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ProxyCore.Cli;

/// <summary>
/// Stands before all that answers requests: refuses a host name that can't be read, and logs what fails unexpectedly once a
/// minute at most. Else each request that a client sends could add a line to the log. Any thread.
/// </summary>
/// <param name="logger">Where failures are logged.</param>
/// <param name="clock">The clock.</param>
internal sealed class RequestShield(ILogger logger, TimeProvider clock)
{
    private static readonly TimeSpan _logEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long? _loggedAt;
    private long _unlogged;

    internal async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!HasReadableHost(context.Request))
        {
            await context.Answer(StatusCodes.Status400BadRequest, "the host name is no name");
            return;
        }

        try
        {
            await next(context);
        }
        catch (Exception exception) when (exception is not (BadHttpRequestException or OperationCanceledException))
        {
            LogFailure(exception);
            await FailAsync(context);
        }
    }

    // The property decodes a name of the form xn--, and throws where that is none.
    private static bool HasReadableHost(HttpRequest request)
    {
        try
        {
            _ = request.Host;
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static Task FailAsync(HttpContext context)
    {
        if (context.Response.HasStarted)
        {
            // The client must not take the part that it has got for the whole.
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Clear();
        return context.Answer(StatusCodes.Status500InternalServerError, "it failed");
    }

    private void LogFailure(Exception exception)
    {
        long unlogged;
        lock (_gate)
        {
            if (_loggedAt is { } last && clock.GetElapsedTime(last) < _logEvery)
            {
                _unlogged++;
                return;
            }

            _loggedAt = clock.GetTimestamp();
            unlogged = _unlogged;
            _unlogged = 0;
        }

        logger.RequestFailed(unlogged, exception);
    }
}
