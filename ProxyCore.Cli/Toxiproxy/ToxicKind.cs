using System.Text;
using System.Text.Json;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary>A type of toxic of the API, its attributes, and the toxic of the library that it stands for.</summary>
/// <param name="Type">As the API has it.</param>
/// <param name="GoStruct">What toxiproxy's errors call it.</param>
/// <param name="Attributes">Its attributes, in the order of answers.</param>
/// <param name="Make">Makes the toxic of the library.</param>
internal sealed record ToxicKind(string Type, string GoStruct, ToxicAttribute[] Attributes, Func<ToxicValues, Toxic> Make)
{
    /// <summary>Whether toxiproxy does not have it, so that its clients may not know what to do with it.</summary>
    internal bool IsExtension { get; init; }

    /// <summary>What holds between its attributes; throws an <see cref="ApiException"/> when it does not. Null for none.</summary>
    internal Action<ToxicValues>? CheckAll { get; init; }

    /// <summary>The values of the defaults.</summary>
    internal ToxicValues Defaults => new([.. Attributes.Select(static attribute => attribute.Default)]);

    /// <summary>Reads the attributes that a body has; the others stay as they are.</summary>
    /// <exception cref="ApiException">One is of another type or out of its range.</exception>
    internal ToxicValues Read(JsonElement attributes, string place, ToxicValues present)
    {
        object[] values = [.. present.All];
        foreach (JsonProperty member in GoJson.Members(attributes, place))
        {
            int index = Array.FindIndex(Attributes, attribute => member.Is(attribute.Name));
            if (index >= 0)
            {
                values[index] = Attributes[index].Read(member.Value, GoStruct, values[index]);
            }
        }

        return new ToxicValues(values);
    }

    /// <exception cref="ApiException">A value is out of its range.</exception>
    internal void Check(ToxicValues values)
    {
        for (int i = 0; i < Attributes.Length; i++)
        {
            Attributes[i].Check(values.All[i]);
        }

        CheckAll?.Invoke(values);
    }

    internal void Append(StringBuilder json, ToxicValues values) => json
        .Append('{')
        .AppendAll(Attributes.Zip(values.All), static (text, one) => one.First.Append(text, one.Second))
        .Append('}');
}
