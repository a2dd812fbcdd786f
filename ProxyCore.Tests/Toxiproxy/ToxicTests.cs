using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Toxiproxy;

/// <summary>Adding, changing and removing toxics, as the API shows them.</summary>
internal sealed class ToxicTests : ToxicsFixture
{
    [TestCase("latency", """{"latency":0,"jitter":0}""")]
    [TestCase("bandwidth", """{"rate":0}""")]
    [TestCase("slow_close", """{"delay":0}""")]
    [TestCase("timeout", """{"timeout":0}""")]
    [TestCase("reset_peer", """{"timeout":0}""")]
    [TestCase("limit_data", """{"bytes":0}""")]
    [TestCase("noop", "{}")]
    [TestCase("connect_delay", """{"delay":0}""")]
    [TestCase("refuse", """{"end":"reset"}""")]
    [TestCase("swallow", "{}")]
    [TestCase("corrupt", """{"share":0.001}""")]
    [TestCase("cut", """{"after":0,"end":"reset"}""")]
    [TestCase("stall", "{}")]
    public async Task Each_type_has_defaults_and_a_name(string type, string attributes)
    {
        Answer expected = Answer.Ok(
            $$"""{"attributes":{{attributes}},"name":"{{type}}_downstream","type":"{{type}}","stream":"downstream","toxicity":1}""");

        Assert.That(await Server.Post(Toxics, $$"""{"type":"{{type}}"}"""), Is.EqualTo(expected));
        Assert.That(await Server.Get($"{Toxics}/{type}_downstream"), Is.EqualTo(expected));
    }

    [TestCase("latency", """{"latency":1000,"jitter":100}""")]
    [TestCase("bandwidth", """{"rate":9223372036854775807}""")]
    [TestCase("slow_close", """{"delay":31536000000}""")]
    [TestCase("slicer", """{"average_size":1000,"size_variation":1000,"delay":31536000000000}""")]
    [TestCase("limit_data", """{"bytes":9223372036854775807}""")]
    [TestCase("refuse", """{"end":"fin"}""")]
    [TestCase("corrupt", """{"share":0.25}""")]
    [TestCase("cut", """{"after":5000,"end":"fin"}""")]
    public async Task Attributes_come_back_as_they_were_given(string type, string attributes)
    {
        Answer answer = await Server.Post(
            Toxics, $$"""{"NAME":"x","type":"{{type}}","attributes":{{attributes}},"stream":"UpStream","toxicity":0.5,"unknown":[1]}""");

        Assert.That(answer, Is.EqualTo(Answer.Ok(
            $$"""{"attributes":{{attributes}},"name":"x","type":"{{type}}","stream":"UpStream","toxicity":0.5}""")));
    }

    [TestCase("", "bad request body: EOF")]
    [TestCase("{", "bad request body: unexpected EOF")]
    [TestCase("[]", "bad request body: json: cannot unmarshal array into Go value of type toxics.ToxicWrapper")]
    [TestCase("""{"type":"latency","toxicity":"1"}""", "bad request body: json: cannot unmarshal string into Go struct field ToxicWrapper.toxicity of type float32")]
    [TestCase("""{"type":"latency","toxicity":1e50}""", "bad request body: json: cannot unmarshal number 1e50 into Go struct field ToxicWrapper.toxicity of type float32")]
    [TestCase("""{"type":"latency","attributes":5}""", "bad request body: json: cannot unmarshal number into Go struct field ToxicWrapper.attributes of type toxics.NoopToxic")]
    [TestCase("""{"type":"latency","attributes":{"latency":1.5}}""", "bad request body: json: cannot unmarshal number 1.5 into Go struct field LatencyToxic.attributes.latency of type int64")]
    [TestCase("""{"type":"slicer","attributes":{"delay":"1"}}""", "bad request body: json: cannot unmarshal string into Go struct field SlicerToxic.attributes.delay of type int")]
    [TestCase("""{"type":"latency","stream":""}""", "stream was invalid, can be either upstream or downstream")]
    [TestCase("""{"type":"none","stream":"sideways"}""", "stream was invalid, can be either upstream or downstream")]
    [TestCase("{}", "invalid toxic type")]
    [TestCase("""{"type":"Latency"}""", "invalid toxic type")]
    [TestCase("""{"type":"latency","attributes":{"latency":-1}}""", "invalid attribute latency: must be from 0 to 31536000000")]
    [TestCase("""{"type":"latency","attributes":{"jitter":31536000001}}""", "invalid attribute jitter: must be from 0 to 31536000000")]
    [TestCase("""{"type":"bandwidth","attributes":{"rate":-1}}""", "invalid attribute rate: must be 0 or more")]
    [TestCase("""{"type":"slicer"}""", "invalid attribute average_size: must be 1 or more")]
    [TestCase("""{"type":"slicer","attributes":{"average_size":10,"size_variation":11}}""", "invalid attribute size_variation: must be from 0 to average_size")]
    [TestCase("""{"type":"limit_data","attributes":{"bytes":-1}}""", "invalid attribute bytes: must be 0 or more")]
    [TestCase("""{"type":"corrupt","attributes":{"share":1.5}}""", "invalid attribute share: must be from 0 to 1")]
    [TestCase("""{"type":"refuse","attributes":{"end":"gone"}}""", "invalid attribute end: must be reset or fin")]
    public async Task A_mistake_is_400_and_adds_nothing(string body, string error)
    {
        Assert.That(await Server.Post(Toxics, body), Is.EqualTo(Answer.Error(400, error)));
        Assert.That(await Server.Get(Toxics + "?extensions=1"), Is.EqualTo(Answer.Ok("[]")));
    }

    [Test]
    public async Task A_name_can_be_had_once_over_both_streams()
    {
        await Server.Post(Toxics, """{"type":"latency","name":"x"}""");

        Assert.That(
            await Server.Post(Toxics, """{"type":"timeout","name":"x","stream":"upstream","attributes":{"timeout":-1}}"""),
            Is.EqualTo(Answer.Error(409, "toxic already exists")));
    }

    [Test]
    public async Task Those_of_the_stream_to_the_upstream_come_first_each_in_the_order_of_adding()
    {
        foreach ((string name, string stream) in ((string, string)[])[("d2", "downstream"), ("u2", "upstream"), ("d1", "DOWNSTREAM"), ("u1", "upstream")])
        {
            await Server.Post(Toxics, $$"""{"type":"latency","name":"{{name}}","stream":"{{stream}}"}""");
        }

        string list = (await Server.Get(Toxics)).Body;

        Assert.That(
            ((string[])["u2", "u1", "d2", "d1"]).Select(name => list.IndexOf($"\"{name}\"", StringComparison.Ordinal)),
            Is.Ordered.Ascending.And.All.Positive);
    }

    [TestCase("POST")]
    [TestCase("PATCH")]
    public async Task A_change_merges_attributes_and_ignores_name_stream_and_type(string method)
    {
        await Server.Post(Toxics, """{"type":"latency","name":"x","attributes":{"latency":5,"jitter":2}}""");
        Answer expected = Answer.Ok("""{"attributes":{"latency":7,"jitter":2},"name":"x","type":"latency","stream":"downstream","toxicity":0.25}""");

        Assert.That(
            await Server.Send(
                method, Toxics + "/x", """{"name":"y","type":"timeout","stream":"upstream","toxicity":0.25,"attributes":{"latency":7,"jitter":null}} trailing"""),
            Is.EqualTo(expected));
        Assert.That(await Server.Send(method, Toxics + "/x", "{}"), Is.EqualTo(expected));
    }

    [TestCase("""{"attributes":{"latency":-1}}""", "invalid attribute latency: must be from 0 to 31536000000")]
    [TestCase("""{"toxicity":"x"}""", "bad request body: json: cannot unmarshal string into Go struct field .toxicity of type float32")]
    [TestCase("""{"attributes":"x"}""", "bad request body: json: cannot unmarshal string into Go struct field .attributes of type toxics.LatencyToxic")]
    [TestCase("", "bad request body: EOF")]
    public async Task A_wrong_change_changes_nothing(string body, string error)
    {
        Answer before = await Server.Post(Toxics, """{"type":"latency","name":"x","attributes":{"latency":5}}""");

        Assert.That(await Server.Patch(Toxics + "/x", body), Is.EqualTo(Answer.Error(400, error)));
        Assert.That(await Server.Get(Toxics + "/x"), Is.EqualTo(before));
    }

    [Test]
    public async Task What_is_not_there_is_not_found()
    {
        foreach ((string method, string? body) in ((string, string?)[])[("GET", null), ("DELETE", null), ("POST", "{"), ("PATCH", "{}")])
        {
            Assert.That(await Server.Send(method, Toxics + "/x", body), Is.EqualTo(Answer.Error(404, "toxic not found")), method);
            Assert.That(await Server.Send(method, "/proxies/b/toxics/x", body), Is.EqualTo(Answer.Error(404, "proxy not found")), method);
        }

        Assert.That(await Server.Get("/proxies/b/toxics"), Is.EqualTo(Answer.Error(404, "proxy not found")));
        Assert.That(await Server.Post("/proxies/b/toxics", "{"), Is.EqualTo(Answer.Error(404, "proxy not found")));
    }

    [Test]
    public async Task A_removed_one_is_gone()
    {
        await Server.Post(Toxics, """{"type":"latency"}""");

        Assert.That(await Server.Delete(Toxics + "/latency_downstream"), Is.EqualTo(Answer.Empty(204)));
        Assert.That(await Server.Get(Toxics), Is.EqualTo(Answer.Ok("[]")));
        Assert.That((await Server.Delete(Toxics + "/latency_downstream")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task Extensions_are_listed_for_who_asks_for_them()
    {
        string refuse = (await Server.Post(Toxics, """{"type":"refuse"}""")).Body;
        string latency = (await Server.Post(Toxics, """{"type":"latency"}""")).Body;
        foreach (string path in (string[])["/proxies", "/proxies/a", Toxics])
        {
            Assert.That((await Server.Get(path)).Body, Does.Not.Contain("refuse").And.Contain(latency), path);
            Assert.That((await Server.Get(path + "?extensions=1")).Body, Does.Contain($"[{refuse},{latency}]"), path);
        }

        Assert.That((await Server.Patch("/proxies/a", "{}")).Body, Does.Not.Contain("refuse"));
        Assert.That((await Server.Patch("/proxies/a?extensions=1", "{}")).Body, Does.Contain(refuse));
    }

    [Test]
    public async Task Toxics_of_a_disabled_proxy_act_once_it_is_enabled()
    {
        await Server.Patch("/proxies/a", """{"enabled":false}""");
        await Server.Post(Toxics, """{"type":"refuse","toxicity":0}""");
        await Server.Patch(Toxics + "/refuse_downstream", """{"toxicity":1}""");
        await Server.Patch("/proxies/a", """{"enabled":true}""");

        using Peer client = await Peer.Connect(Listen);
        await client.ReceivesReset();
        Assert.That(Upstream.Accepted, Is.Zero);
    }

    [Test]
    public async Task A_proxy_has_at_most_256_toxics()
    {
        for (int i = 0; i < 256; i++)
        {
            Assert.That((await Server.Post(Toxics, $$"""{"type":"noop","name":"{{i}}"}""")).Status, Is.EqualTo(200));
        }

        Assert.That(await Server.Post(Toxics, """{"type":"noop"}"""), Is.EqualTo(Answer.Error(500, "a proxy has at most 256 toxics")));
    }
}
