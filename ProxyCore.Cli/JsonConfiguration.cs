using System.Text;
using System.Text.Json;
using ProxyCore.Hosting;
using ProxyCore.Settings;

namespace ProxyCore.Cli;

/// <summary>Reads the text of a configuration file into a tree, in one pass.</summary>
/// <remarks>
/// Not by the configuration library: it takes the square of the file's size, merges an object that is given twice without
/// a word, and does not tell null, <c>{}</c> and <c>[]</c> apart.
/// </remarks>
internal ref struct JsonConfiguration
{
    private const string NoText = "has half of a surrogate pair, or bytes that are not UTF-8";

    private static readonly JsonReaderOptions _options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly ValidationErrors _errors;
    private Utf8JsonReader _reader;

    private JsonConfiguration(ReadOnlySpan<byte> json, ValidationErrors errors)
    {
        _reader = new Utf8JsonReader(json, _options);
        _errors = errors;
    }

    /// <summary>Reads the section of the proxy.</summary>
    /// <param name="content">The bytes of the file.</param>
    /// <param name="errors">What is wrong in the file is added here.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="FormatException">It has no object.</exception>
    internal static TreeNode Read(byte[] content, ValidationErrors errors) =>
        new JsonConfiguration(ToUtf8(content), errors).ReadFile();

    /// <summary>Reads a text that is one object.</summary>
    /// <param name="content">The text.</param>
    /// <param name="name">What messages call the object.</param>
    /// <param name="errors">What is wrong in it is added here.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="FormatException">It is no object.</exception>
    internal static TreeNode ReadObject(byte[] content, string name, ValidationErrors errors) =>
        new JsonConfiguration(ToUtf8(content), errors).ReadWhole(name);

    private static ReadOnlySpan<byte> ToUtf8(byte[] content) => content switch
    {
        [0xEF, 0xBB, 0xBF, ..] => content.AsSpan(3),
        [0xFF, 0xFE, ..] => Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(content, 2, content.Length - 2)),
        [0xFE, 0xFF, ..] => Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(content, 2, content.Length - 2)),
        _ => content,
    };

    private TreeNode ReadFile()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException($"must be an object with the key {ConfigurationFile.Section}");
        }

        var section = new TreeNode(parent: null, ConfigurationFile.Section);
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string? key = ReadKey(section);
            _reader.Read();
            if (key is not null && IsNew(known, key) && key.Equals(ConfigurationFile.Section, StringComparison.OrdinalIgnoreCase))
            {
                ReadValue(section);
            }
            else
            {
                CheckTopValue(key);
                _reader.Skip();
            }
        }

        // Nothing may follow.
        _reader.Read();
        return section;
    }

    private TreeNode ReadWhole(string name)
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException("must be an object");
        }

        var node = new TreeNode(parent: null, name);
        ReadObject(node);

        // Nothing may follow.
        _reader.Read();
        return node;
    }

    private readonly void CheckTopValue(string? key)
    {
        if (key is null || key.Equals("Logging", StringComparison.OrdinalIgnoreCase)
            || key.Equals(ConfigurationFile.Section, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        if (key.Equals("$schema", StringComparison.OrdinalIgnoreCase))
        {
            _errors.Require(_reader.TokenType == JsonTokenType.String, key, "must be a text");
            return;
        }

        _errors.Require(
            false, Diagnostics.Printable.Shorten(key), $"unknown key; the keys of a proxy stand below {ConfigurationFile.Section}");
    }

    /// <returns>Whether it can be read; if not, there is an error.</returns>
    private bool ReadValue(TreeNode node)
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                ReadObject(node);
                break;
            case JsonTokenType.StartArray:
                ReadList(node);
                break;
            case JsonTokenType.String:
                return ReadText(node);
            case JsonTokenType.Number:
                node.Set(ConfigurationNodeKind.Number, Encoding.UTF8.GetString(_reader.ValueSpan));
                break;
            case JsonTokenType.True or JsonTokenType.False:
                node.Set(ConfigurationNodeKind.Switch, _reader.TokenType == JsonTokenType.True ? "true" : "false");
                break;
            default:
                node.Set(ConfigurationNodeKind.Null);
                break;
        }

        return true;
    }

    private void ReadObject(TreeNode node)
    {
        node.Set(ConfigurationNodeKind.Object);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            string? key = ReadKey(node);
            _reader.Read();
            if (key is null)
            {
                _reader.Skip();
                continue;
            }

            var child = new TreeNode(node, key);
            bool isNew = node.Find(key) is null;
            if (!isNew)
            {
                _errors.Require(false, Diagnostics.Printable.Shorten(child.Path), "is given twice");
            }

            if (ReadValue(child) && isNew)
            {
                node.Add(child);
            }
        }
    }

    private void ReadList(TreeNode node)
    {
        node.Set(ConfigurationNodeKind.List);
        for (int number = 0; _reader.Read() && _reader.TokenType != JsonTokenType.EndArray; number++)
        {
            var child = new TreeNode(node, number);
            if (ReadValue(child))
            {
                node.Add(child);
            }
        }
    }

    private readonly bool IsNew(HashSet<string> known, string key) =>
        _errors.Require(known.Add(key), Diagnostics.Printable.Shorten(key), "is given twice");

    /// <summary>A key; null, and an error, when it is no text.</summary>
    private readonly string? ReadKey(TreeNode node)
    {
        string? key = ReadText();
        if (key is null)
        {
            _errors.Require(false, Diagnostics.Printable.Shorten(node.Path), $"has a key that is no text: it {NoText}");
        }

        return key;
    }

    /// <returns>Whether it is a text; if not, there is an error.</returns>
    private readonly bool ReadText(TreeNode node)
    {
        string? text = ReadText();
        if (text is null)
        {
            _errors.Refuse(Diagnostics.Printable.Shorten(node.Path), $"is no text: it {NoText}");
            return false;
        }

        node.Set(ConfigurationNodeKind.Text, text);
        return true;
    }

    private readonly string? ReadText()
    {
        try
        {
            return _reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // The reader's only sign: JSON can write half of a surrogate pair, and a file may have any bytes.
            return null;
        }
    }
}
