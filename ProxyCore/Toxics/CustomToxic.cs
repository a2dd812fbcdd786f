namespace ProxyCore;

/// <summary>A toxic of your own.</summary>
public sealed class CustomToxic : Toxic
{
    /// <summary>Makes one.</summary>
    /// <param name="createStage">
    /// Makes what acts on one connection. Called on the loop's thread for each connection that the toxic acts on.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="createStage"/> is null.</exception>
    public CustomToxic(Func<IToxicStage> createStage)
        : base("custom")
    {
        ArgumentNullException.ThrowIfNull(createStage);
        CreateStage = createStage;
    }

    /// <summary>Makes what acts on one connection.</summary>
    public Func<IToxicStage> CreateStage { get; }

    // Two are alike when they make their stages by the same method.
    private protected override string Parameters =>
        $"{CreateStage.Method.DeclaringType}.{CreateStage.Method.Name}@{System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(CreateStage.Target ?? CreateStage)}";
}
