using ProxyCore.Hosting;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddProxyCore(builder.Configuration.GetSection("ProxyCore"));
builder.Services.AddHealthChecks().AddCheck<ProxyHealthCheck>("proxycore");

// Longer than the proxy's DrainTimeout, or the host ends before its connections have finished.
builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.FromSeconds(15));

WebApplication app = builder.Build();
app.MapGet("/", static () => "hello from behind the proxy\n");
app.MapHealthChecks("/healthz");
await app.RunAsync();
