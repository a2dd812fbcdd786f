using System.Text;
using Microsoft.Extensions.Configuration;
using ProxyCore.Cli;
using ProxyCore.Hosting;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Configuration;

/// <summary>A list of values is read item by item, and each mistake is told with the place of its item.</summary>
internal sealed class ValuesKeyTests
{
    private static readonly IReadOnlyList<ConfigurationKey<Lists>> _keys =
    [
        new ValuesKey<Lists, string?>("Texts", "", ValueKinds.OptionalText, static o => o.Texts),
        new ValuesKey<Lists, int>("Numbers", "", ValueKinds.Whole, static o => o.Numbers) { Single = ("Both", 2) },
    ];

    [Test]
    public void Texts_and_numbers_are_read_in_their_order()
    {
        Lists lists = Read("""{ "Texts": ["b", "a", "b", ""], "Numbers": [2, "1", 2] }""", out ValidationErrors errors);

        Assert.That(errors.Lines, Is.Empty);
        Assert.That(lists.Texts, Is.EqualTo(["b", "a", "b", ""]));
        Assert.That(lists.Numbers, Is.EqualTo([2, 1, 2]));
    }

    [TestCase("Both")]
    [TestCase("both")]
    public void A_name_may_stand_for_a_list(string name)
    {
        Lists lists = Read($$"""{ "Numbers": "{{name}}" }""", out ValidationErrors errors);

        Assert.That(errors.Lines, Is.Empty);
        Assert.That(lists.Numbers, Is.EqualTo([2]));
    }

    [Test]
    public void A_list_may_be_empty()
    {
        Lists lists = Read("""{ "Texts": [], "Numbers": [] }""", out ValidationErrors errors);

        Assert.That(errors.Lines, Is.Empty);
        Assert.That((lists.Texts.Count, lists.Numbers.Count), Is.EqualTo((0, 0)));
    }

    [TestCase("""{ "Texts": "a" }""", "Texts: must be a list, not 'a'")]
    [TestCase("""{ "Texts": null }""", "Texts: must be a list, not null")]
    [TestCase("""{ "Texts": { "a": "b" } }""", "Texts: must be a list, not an object")]
    [TestCase("""{ "Texts": ["a", 1, "b"] }""", "Texts:1: must be a text: write \"1\"")]
    [TestCase("""{ "Texts": ["a", null] }""", "Texts:1: must not be null")]
    [TestCase("""{ "Texts": [["a"]] }""", "Texts:0: must be one value, not a list or an object")]
    [TestCase("""{ "Texts": [{ "Text": "a" }] }""", "Texts:0: must be one value, not a list or an object")]
    [TestCase("""{ "Numbers": "None" }""", "Numbers: must be a list or Both, not 'None'")]
    [TestCase("""{ "Numbers": 2 }""", "Numbers: must be a list or Both, not '2'")]
    [TestCase("""{ "Numbers": ["Both"] }""", "Numbers:0: 'Both' is no whole number")]
    [TestCase("""{ "Numbers": [1, "x", 3] }""", "Numbers:1: 'x' is no whole number")]
    [TestCase("""{ "Numbers": [1, 2, 1.5] }""", "Numbers:2: '1.5' is no whole number")]
    public void A_mistake_is_told_with_the_place_of_its_item(string json, string expected)
    {
        _ = Read(json, out ValidationErrors errors);

        Assert.That(errors.Lines, Is.EqualTo([expected]));
    }

    [Test]
    public void All_mistakes_of_a_list_are_told_and_its_other_items_keep_their_places()
    {
        Lists lists = Read("""{ "Numbers": ["x", 7, "y", 7] }""", out ValidationErrors errors);

        Assert.That(errors.Lines, Is.EqualTo(["Numbers:0: 'x' is no whole number", "Numbers:2: 'y' is no whole number"]));
        Assert.That(lists.Numbers, Is.EqualTo([7, 7]));
        Assert.That(errors.PathOf(lists.Numbers, 0, "Numbers"), Is.EqualTo("Numbers:1"));
        Assert.That(errors.PathOf(lists.Numbers, 1, "Numbers"), Is.EqualTo("Numbers:3"));
    }

    [Test]
    public void A_list_of_a_host_is_read_by_its_numbers_and_may_have_gaps()
    {
        var lists = new Lists();
        var errors = new ValidationErrors();
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            KeyValuePair.Create("Texts:7", (string?)"c"), KeyValuePair.Create("Texts:0", (string?)"a"), KeyValuePair.Create("Texts:x", (string?)"b"),
            KeyValuePair.Create("Numbers", (string?)""),
        ]).Build();
        new ConfigurationReader(errors).ReadKeys(SectionNode.Read(configuration), lists, _keys);

        Assert.That(errors.Lines, Is.EqualTo(["Texts:x: must be a list: the key is no number"]));
        Assert.That(lists.Texts, Is.EqualTo(["a", "c"]));
        Assert.That(errors.PathOf(lists.Texts, 1, "Texts"), Is.EqualTo("Texts:7"));
    }

    private static Lists Read(string json, out ValidationErrors errors)
    {
        var lists = new Lists();
        errors = new ValidationErrors();
        TreeNode section = JsonConfiguration.Read(Encoding.UTF8.GetBytes($$"""{ "ProxyCore": {{json}} }"""), errors);
        new ConfigurationReader(errors).ReadKeys(section, lists, _keys);
        return lists;
    }

    private sealed class Lists
    {
        internal IList<string?> Texts { get; } = [];

        internal IList<int> Numbers { get; } = [];
    }
}
