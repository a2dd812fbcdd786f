namespace ProxyCore.Settings;

/// <summary>A toxic that is checked. Immutable, safe for any thread.</summary>
/// <param name="Name">What it is called, unique on its route.</param>
/// <param name="Toxic">A copy of what the user gave, which nobody changes.</param>
/// <param name="Clients">The clients that it acts on; empty for all.</param>
internal sealed record ToxicSettings(string Name, Toxic Toxic, ValueList<AddressRange> Clients)
{
    /// <summary>Two toxics are equal when they are written alike.</summary>
    public bool Equals(ToxicSettings? other) =>
        other is not null && Name == other.Name && Clients == other.Clients && Toxic.HasSameEffectAs(other.Toxic);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
