using System.Net;

namespace ProxyCore.Tests.Admin;

internal sealed class PageTests
{
    [TestCase("/", "text/html")]
    [TestCase("/admin.css", "text/css")]
    [TestCase("/admin.js", "text/javascript")]
    public async Task A_file_comes_with_what_keeps_others_out_and_only_once(string path, string type)
    {
        await using RunningAdmin admin = await RunningAdmin.WithoutToken(static () => null);

        using HttpResponseMessage response = await admin.Send(HttpMethod.Get, path);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo(type));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.Not.Empty);
        Assert.That(response.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(["nosniff"]));
        Assert.That(response.Headers.GetValues("Referrer-Policy"), Is.EqualTo(["no-referrer"]));
        Assert.That(
            response.Headers.GetValues("Content-Security-Policy").Single(),
            Does.StartWith("default-src 'none';").And.Not.Contains("unsafe"));
        Assert.That(response.Headers.CacheControl?.NoCache, Is.True);
        Assert.That(
            await admin.Status(HttpMethod.Get, path, null, ("If-None-Match", response.Headers.ETag!.ToString())),
            Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(
            await admin.Status(HttpMethod.Get, path, null, ("If-None-Match", "\"another\"")), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task The_page_has_neither_scripts_nor_styles_of_its_own_nor_foreign_ones()
    {
        await using RunningAdmin admin = await RunningAdmin.WithoutToken(static () => null);

        string page = await admin.Http.GetStringAsync("/");

        Assert.That(page, Does.Not.Match("<script(?![^>]*\\bsrc=)"));
        Assert.That(page, Does.Not.Match("<style|\\sstyle=|\\son[a-z]+=|//[a-z]"));
    }
}
