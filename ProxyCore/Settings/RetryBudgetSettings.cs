namespace ProxyCore.Settings;

/// <summary>How many retries a route may make.</summary>
/// <param name="Share">How many for each client.</param>
/// <param name="Minimum">How many a second beside these.</param>
internal sealed record RetryBudgetSettings(double Share, int Minimum);
