using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace ProxyCore.Cli;

/// <summary>The demo's upstream: an HTTP server on this machine only, for the files of a folder and their list.</summary>
internal static class FileServer
{
    /// <param name="folder">What it serves: an absolute path.</param>
    /// <param name="listen">Where it listens: on loopback, or a Unix socket. Port 0 lets the system choose.</param>
    /// <param name="scheme">What its clients speak to the proxy: http, or https, which the proxy ends.</param>
    /// <param name="loggerFactory">Where it logs.</param>
    /// <exception cref="ListenException">It can't listen there.</exception>
    internal static Task<HttpServer> StartAsync(
        string folder, ProxyEndpoint listen, string scheme, ILoggerFactory loggerFactory) =>
        HttpServer.StartAsync(
            listen,
            loggerFactory,

            // No minimum rate: the demo may be used with slow clients.
            static kestrel => kestrel.Limits.MinResponseDataRate = null,
            static _ => { },
            application => Serve(application, folder, scheme));

    private static void Serve(WebApplication application, string folder, string scheme)
    {
        // A folder's URL without its last slash is redirected to the whole URL, with the scheme.
        application.Use((context, next) =>
        {
            context.Request.Scheme = scheme;
            return next(context);
        });
        var options = new FileServerOptions { FileProvider = new PhysicalFileProvider(folder), EnableDirectoryBrowsing = true };
        options.StaticFileOptions.ServeUnknownFileTypes = true;
        application.UseFileServer(options);
        application.Run(static context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }
}
