using System.Globalization;
using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>What is set of a pool's members by hand comes in force, and what follows from it. Belongs to the thread of the pool.</summary>
/// <param name="pool">The pool.</param>
/// <param name="slowStarts">Its slow starts: a member that was out for long is cold.</param>
/// <param name="logger">Where it logs.</param>
/// <param name="endSessions">Ends all connections to a member, on all loops.</param>
internal sealed class PoolByHand(UpstreamPool pool, SlowStarts slowStarts, ILogger logger, Action<PoolMember, EndReason> endSessions)
{
    // Caches of an upstream that was drained for less are still warm.
    private static readonly TimeSpan _longDrain = TimeSpan.FromMinutes(1);

    /// <summary>Applies a change to the members that it is about.</summary>
    /// <param name="source">The configured upstream that they belong to.</param>
    /// <param name="change">The change.</param>
    /// <param name="time">The time, for those who look at it.</param>
    /// <param name="route">The name of the route.</param>
    internal void Apply(string source, UpstreamChange change, DateTimeOffset time, string route)
    {
        pool.ByHand.Apply(source, change, time);
        foreach ((PoolMember member, HandSetting? before) in pool.UseByHand())
        {
            if (member.Administration == UpstreamAdministration.Ready && WasOutForLong(before, time))
            {
                slowStarts.Begin(member);
            }

            logger.SetByHand(route, member.Address, member.Administration, member.Weight, TextOf(member.MaxConnections));
        }
    }

    /// <summary>
    /// What was set by hand stays over a change of the configuration. Where the two differ, that may be forgotten: a line for each.
    /// </summary>
    /// <param name="route">The name of the route.</param>
    internal void LogContradictions(string route)
    {
        foreach (PoolMember member in pool.Members)
        {
            if (member.ByHand?.Weight is { } weight && weight != member.Settings.Weight)
            {
                logger.HandSettingStays(route, member.Address, $"weight {weight}", $"weight {member.Settings.Weight}");
            }

            if (member.ByHand?.MaxConnections is { } most && most != member.Settings.MaxConnections)
            {
                logger.HandSettingStays(route, member.Address, $"maximum {most}", $"maximum {TextOf(member.Settings.MaxConnections)}");
            }
        }
    }

    /// <summary>Ends all connections to an upstream, or to all members that it stands for.</summary>
    internal void EndSessionsOf(string upstream)
    {
        foreach (PoolMember member in pool.Members.Concat(pool.Draining).Where(one => one.Address == upstream || one.Settings.Source == upstream))
        {
            endSessions(member, EndReason.UpstreamCut);
        }
    }

    private static bool WasOutForLong(HandSetting? before, DateTimeOffset time) => before?.State switch
    {
        UpstreamAdministration.Disabled => true,
        UpstreamAdministration.Drain => time - before.StateSince > _longDrain,
        _ => false,
    };

    private static string TextOf(int? maximum) => maximum is { } most ? most.ToString(CultureInfo.InvariantCulture) : "none";
}
