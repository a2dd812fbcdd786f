using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ProxyCore.Cli;

/// <summary>Answers HTTP requests with the files of a folder, and with a list of them.</summary>
/// <param name="folder">What it serves: an absolute path.</param>
/// <param name="loggerFactory">Where it logs.</param>
internal sealed class FolderApplication(string folder, ILoggerFactory loggerFactory) : IHttpApplication<HttpContext>
{
    private readonly RequestDelegate _answer = CreatePipeline(new PhysicalFileProvider(folder), loggerFactory);

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public Task ProcessRequestAsync(HttpContext context) => _answer(context);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    // What UseFileServer puts together, which asks for a host: from the last step to the first.
    private static RequestDelegate CreatePipeline(PhysicalFileProvider files, ILoggerFactory loggerFactory)
    {
        var noHost = new NoHost();
        var serveFile = new StaticFileMiddleware(
            NotFound,
            noHost,
            Options.Create(new StaticFileOptions { FileProvider = files, ServeUnknownFileTypes = true }),
            loggerFactory);
        var listFolder = new DirectoryBrowserMiddleware(
            serveFile.Invoke,
            noHost,
            HtmlEncoder.Default,
            Options.Create(new DirectoryBrowserOptions { FileProvider = files }));
        var findIndexPage = new DefaultFilesMiddleware(
            listFolder.Invoke, noHost, Options.Create(new DefaultFilesOptions { FileProvider = files }));
        return findIndexPage.Invoke;
    }

    private static Task NotFound(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    /// <summary>The steps ask their host for the folder only when they are given none.</summary>
    private sealed class NoHost : IWebHostEnvironment
    {
        public string ApplicationName { get; set; } = "";

        public string EnvironmentName { get; set; } = "";

        public string ContentRootPath { get; set; } = "";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();

        public string WebRootPath { get; set; } = "";

        public IFileProvider WebRootFileProvider { get; set; } = new NullFileProvider();
    }
}
