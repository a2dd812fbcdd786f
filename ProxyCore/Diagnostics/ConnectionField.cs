namespace ProxyCore.Diagnostics;

/// <summary>One field of what is reported of a connection at its end.</summary>
/// <param name="Before">The text before it in a line for people: the separator, and its name if it has one there.</param>
/// <param name="Json">Its name in a line of JSON.</param>
/// <param name="Property">Its name in a structured log.</param>
/// <param name="Tag">Its name as the tag of a trace; null where the conventions for traces have tags of another form for it.</param>
/// <param name="ValueOf">Takes it from a report.</param>
internal sealed record ConnectionField(
    string Before, string Json, string Property, string? Tag, Func<ConnectionReport, FieldValue> ValueOf);
