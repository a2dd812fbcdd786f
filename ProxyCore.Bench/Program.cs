using System.CommandLine;
using System.Globalization;
using BenchmarkDotNet.Running;
using ProxyCore.Bench;
using ProxyCore.Bench.Chaos;
using ProxyCore.Bench.Comparing;
using ProxyCore.Bench.Load;
using ProxyCore.Bench.Micro;
using ProxyCore.Bench.Peers;
using ProxyCore.Bench.Reporting;

var root = new RootCommand("Measures ProxyCore: against its peers, as it grows, and piece by piece; and tries what it bears.")
{
    new MeasuringCommand(static smoke => smoke ? Scenarios.Smoke : Scenarios.All, always: null)
        .Build("compare", "Compares it with the proxies that are installed, and writes docs/performance.md."),
    new MeasuringCommand(
            static smoke => smoke ? GrowthScenarios.All.Take(1) : GrowthScenarios.All,
            Contenders.Native,
            Contenders.NoParking,
            HAProxies.Name)
        .Build("growth", "Measures what a request costs the more connections there are, and adds the curves to the page."),
    new CallsCommand().Build(),
    new ChaosCommand().Build(),
};

var micro = new Command("micro", "Measures the pieces by BenchmarkDotNet, which takes what follows: --filter '*Timers*'.");
micro.TreatUnmatchedTokensAsErrors = false;
micro.SetAction(static parsed =>
{
    BenchmarkSwitcher.FromAssembly(typeof(Self).Assembly).Run([.. parsed.UnmatchedTokens is { Count: > 0 } options ? options : ["--filter", "*"]]);
});
root.Add(micro);

root.Add(Written("select", "Measures what connections cost where nothing is parked, and adds it to the page.", SelectSection.Measure));
root.Add(Written("costs", "Measures what a connection costs in larger pools and longer lists, and adds the curves to the page.", GrowthSection.Measure));
root.Add(Written(
    "reload",
    "Measures what a change of the configuration costs, and adds it to the page.",
    static folder => ReloadSection.MeasureAsync(folder, ReloadCost.Counts).GetAwaiter().GetResult()));
root.Add(Written("page", "Makes docs/performance.md anew from the results that are kept beside it.", static _ => { }));

// The two below are how it starts itself.
var plan = new Argument<string[]>("PLAN");
var load = new Command(LoadProcess.Command) { plan };
load.Hidden = true;
load.SetAction((parsed, _) => LoadProcess.RunAsync(LoadPlan.Parse(parsed.GetRequiredValue(plan))));
root.Add(load);

var port = new Argument<string>("PORT");
var serve = new Command("serve") { port };
serve.Hidden = true;
serve.SetAction(parsed => UpstreamServer.Serve(int.Parse(parsed.GetRequiredValue(port), CultureInfo.InvariantCulture)));
root.Add(serve);

return await root.Parse(args).InvokeAsync();

// Does what needs only the folder of the results, and writes the page.
static Command Written(string name, string description, Action<string> measure)
{
    var command = new Command(name, description);
    command.SetAction(_ =>
    {
        string docs = Path.Combine(BuiltCommand.Repository(), "docs");
        string folder = Page.FolderIn(docs);
        measure(folder);
        new Page(Results.Load(folder), docs).Write();
    });
    return command;
}
