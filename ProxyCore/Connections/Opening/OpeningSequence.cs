using System.Diagnostics;

namespace ProxyCore.Connections.Opening;

/// <summary>Runs the steps of a connection's opening, one after the other, each within its time. Belongs to the loop's thread.</summary>
/// <param name="connection">The connection.</param>
/// <param name="steps">The steps, in order; one of them connects to the upstream.</param>
internal sealed class OpeningSequence(IOpeningConnection connection, IReadOnlyList<OpeningStep> steps)
{
    private int _index = -1;
    private bool _isOver;

    private OpeningStep Current => steps[_index];

    /// <summary>Begins with the first step. The connection may relay, or have ended, before this returns.</summary>
    internal void Begin() => BeginNext();

    /// <summary>A step that needed more has its outcome.</summary>
    internal void Complete(OpeningStep step, StepOutcome outcome)
    {
        Debug.Assert(!_isOver && step == Current, "only the step that runs can complete");
        Proceed(outcome);
    }

    /// <summary>The client has bytes, or its end of stream.</summary>
    internal void OnClientReadable() => Proceed(Current.OnClientReadable());

    /// <summary>The upstream has bytes, or its end of stream.</summary>
    internal void OnUpstreamReadable() => Proceed(Current.OnUpstreamReadable());

    /// <summary>The time of the step that runs is over.</summary>
    internal void OnTimeLimit() => Proceed(Current.OnTimeLimit());

    /// <summary>The connection ends: so does the step that runs, if any does.</summary>
    internal void Abandon()
    {
        bool isRunning = !_isOver && _index >= 0;
        _isOver = true;
        if (isRunning)
        {
            Current.Abandon();
        }
    }

    private void Proceed(StepOutcome outcome)
    {
        switch (outcome.Result)
        {
            case StepResult.Next:
                connection.CancelStepTimer();
                BeginNext();
                break;
            case StepResult.Refuse:
                connection.Refuse(in outcome);
                break;
        }
    }

    private void BeginNext()
    {
        if (++_index == steps.Count)
        {
            _isOver = true;
            connection.BeginRelay();
            return;
        }

        OpeningStep step = Current;
        if (step.TimeLimit is { } limit)
        {
            connection.ArmStepTimer(limit);
        }

        StepOutcome outcome = step.Begin(this);

        // A step may complete while it begins. Then another step runs by now, or none.
        if (_isOver || step != Current)
        {
            return;
        }

        if (outcome.Result == StepResult.NeedMore)
        {
            connection.WatchClient(step.ClientInterest);
            return;
        }

        Proceed(outcome);
    }
}
