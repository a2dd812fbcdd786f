using ProxyCore.Connections.Opening;
using ProxyCore.Loop;

namespace ProxyCore.Connections.Faults;

/// <summary>What toxics do before a connection relays: they delay it, or refuse it. Belongs to the loop's thread.</summary>
/// <param name="connection">The connection.</param>
/// <param name="id">Its number.</param>
/// <param name="toxics">The toxics of its route.</param>
/// <param name="seed">Where the chance of the proxy begins.</param>
/// <param name="loop">Its loop.</param>
internal sealed class ToxicStep(IFaultedConnection connection, long id, RouteToxics toxics, ulong seed, SelectLoop loop) : OpeningStep
{
    private readonly List<ToxicChoice> _choices = [];
    private readonly TimeSpan _begin = loop.Now;
    private OpeningSequence? _opening;

    /// <summary>Whether a route needs the step.</summary>
    internal static bool IsNeededFor(RouteToxics toxics) =>
        toxics.All.Any(static one => one.Settings.Toxic is ConnectDelayToxic or RefuseToxic);

    internal override StepOutcome Begin(OpeningSequence opening)
    {
        StepOutcome outcome = Decide();
        _opening = outcome.Result == StepResult.NeedMore ? opening : null;
        return outcome;
    }

    internal override StepOutcome OnTimeLimit()
    {
        StepOutcome outcome = Decide();
        _opening = outcome.Result == StepResult.NeedMore ? _opening : null;
        return outcome;
    }

    /// <summary>The toxics have changed: one that is removed holds nobody any longer.</summary>
    internal void OnToxicsChanged()
    {
        if (_opening is not { } opening)
        {
            return;
        }

        StepOutcome outcome = OnTimeLimit();
        if (outcome.Result != StepResult.NeedMore)
        {
            opening.Complete(this, outcome);
        }
    }

    internal override void Abandon() => _opening = null;

    /// <summary>First the delays, one after the other, then a refusal: in all as the toxics say now.</summary>
    private StepOutcome Decide()
    {
        RouteToxic[] acting = [.. toxics.All.Where(Acts)];
        TimeSpan delay = TimeSpan.Zero;
        foreach (RouteToxic toxic in acting)
        {
            delay += (toxic.Settings.Toxic as ConnectDelayToxic)?.Delay ?? TimeSpan.Zero;
        }

        TimeSpan left = _begin + delay - loop.Now;
        if (left > TimeSpan.Zero)
        {
            connection.ArmStepTimer(left);
            return StepOutcome.NeedMore;
        }

        return acting.FirstOrDefault(static one => one.Settings.Toxic is RefuseToxic) is { } refusing ? Refuse(refusing) : StepOutcome.Next;
    }

    private bool Acts(RouteToxic toxic)
    {
        if (toxic.Settings.Toxic is not (ConnectDelayToxic or RefuseToxic))
        {
            return false;
        }

        ToxicChoice? choice = _choices.Find(one => one.Toxic == toxic);
        if (choice is null)
        {
            choice = new ToxicChoice(toxic, ToxicDraw.SeedFor(seed, toxic.Name, id), id);
            _choices.Add(choice);
        }

        return choice.Acts(connection);
    }

    private StepOutcome Refuse(RouteToxic toxic)
    {
        toxic.CountEnded();
        connection.NoteToxic(toxic.Name);
        return StepOutcome.Refuse(
            EndReason.Toxic, ((RefuseToxic)toxic.Settings.Toxic).End == ToxicEnd.Fin ? RefusalEnd.Fin : RefusalEnd.Reset);
    }
}
