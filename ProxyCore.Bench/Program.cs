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
            Contenders.HAProxyName)
        .Build("growth", "Measures what a request costs the more connections there are, and adds the curves to the page."),
    new ChaosCommand().Build(),
};

var micro = new Command("micro", "Measures the pieces by BenchmarkDotNet, which takes what follows: --filter '*Timers*'.");
micro.TreatUnmatchedTokensAsErrors = false;
micro.SetAction(static parsed =>
{
    BenchmarkSwitcher.FromAssembly(typeof(Self).Assembly).Run([.. parsed.UnmatchedTokens is { Count: > 0 } options ? options : ["--filter", "*"]]);
});
root.Add(micro);

var select = new Command("select", "Measures what connections cost where nothing is parked, and prints the section of the page on it.");
select.SetAction(static _ =>
{
    string folder = Page.FolderIn(Path.Combine(BuiltCommand.Repository(), "docs"));
    SelectSection.Measure(folder);
    Console.WriteLine(SelectSection.Of(folder, Path.GetFileName(folder)));
});
root.Add(select);

var reload = new Command("reload", "Measures what a change of the configuration costs, and prints the section of the page on it.");
var counts = new Argument<int[]>("COUNT") { Description = "How many routes, and how many upstreams of one", DefaultValueFactory = static _ => [.. ReloadCost.Counts] };
reload.Add(counts);
reload.SetAction(async (parsed, _) =>
{
    string folder = Page.FolderIn(Path.Combine(BuiltCommand.Repository(), "docs"));
    await ReloadSection.MeasureAsync(folder, parsed.GetRequiredValue(counts));
    Console.WriteLine(ReloadSection.Of(folder, Path.GetFileName(folder)));
});
root.Add(reload);

var page = new Command("page", "Makes docs/performance.md anew from the results that are kept beside it.");
page.SetAction(static _ =>
{
    string docs = Path.Combine(BuiltCommand.Repository(), "docs");
    new Page(Results.Load(Page.FolderIn(docs)), docs).Write();
});
root.Add(page);

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
