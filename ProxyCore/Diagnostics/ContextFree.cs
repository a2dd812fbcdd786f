namespace ProxyCore.Diagnostics;

/// <summary>
/// Starts work that outlives its caller. Without this, its tasks would keep the caller's execution context for their whole
/// life: log scopes, values of <see cref="AsyncLocal{T}"/>, the culture, the current activity.
/// </summary>
internal static class ContextFree
{
    internal static T Run<T>(Func<T> start)
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return start();
        }

        using (ExecutionContext.SuppressFlow())
        {
            return start();
        }
    }
}
