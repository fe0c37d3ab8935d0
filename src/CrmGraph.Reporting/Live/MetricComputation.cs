using System.Data.Common;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Database;
using CrmGraph.Reporting.Metrics;
using Microsoft.Extensions.Logging;

namespace CrmGraph.Reporting.Live;

/// <summary>What the scheduler of live queries must know of metrics.</summary>
public sealed class MetricComputation(MetricEngine metrics, DatabaseEngine database, ILogger logger) : LiveComputation<LiveMetric, LiveFigures>
{
    /// <summary>Facts that count on the day by which the database tells their changes, and on no other.</summary>
    private static readonly HashSet<string> _dated = ["orders", "order_lines", "tickets", "survey_answers", "campaign_spend", "interactions"];

    public override object FamilyOf(LiveMetric key) => key.Family;

    public override object KindOf(LiveMetric key) => key.Kind;

    public override bool IsAffected(LiveMetric key, CommitNotice notice)
    {
        if (key.Reads is not { } reads || notice.Tables.IsDefaultOrEmpty)
            return true;
        var dated = false;
        foreach (var table in notice.Tables)
        {
            if (!reads.Tables.Contains(table))
                continue;
            if (notice.FromDay is null || notice.ToDay is null || !_dated.Contains(table))
                return true;
            dated = true;
        }

        // The end of a relative period moves with the clock, maybe at this moment; its beginning only leaves days behind.
        return dated && (reads.From is null || notice.ToDay >= reads.From) && (key.Query.Period.Range is null || notice.FromDay < reads.Until);
    }

    public override DateTimeOffset? NextRollover(LiveMetric key, DateTimeOffset now)
    {
        if (key.Moment is not { } calendar)
            return null;
        var moment = calendar with { Now = now.UtcDateTime };
        var midnight = moment.StartOf(moment.Today.AddDays(1));
        if (key.Query.Grain != TimeGrain.Hour)
            return midnight;
        // Zones differ by quarters of an hour.
        var quarter = TimeSpan.FromMinutes(15).Ticks;
        var next = new DateTime(((now.UtcTicks / quarter) + 1) * quarter, DateTimeKind.Utc);
        return next < midnight ? next : midnight;
    }

    public override async Task ComputeAsync(IReadOnlyList<IReadOnlyList<LiveMetric>> families, Action<LiveMetric, LiveFigures> done, CancellationToken cancellationToken)
    {
        for (var next = 0; next < families.Count;)
            next = await ComputeFromAsync(families, next, done, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>On one data moment, up to and with the first that fails for a reason of the database: that ends PostgreSQL's transaction, and is no fault of those after it.</summary>
    /// <returns>The next family.</returns>
    private async Task<int> ComputeFromAsync(IReadOnlyList<IReadOnlyList<LiveMetric>> families, int from, Action<LiveMetric, LiveFigures> done, CancellationToken cancellationToken)
    {
        await using var moment = await DataMoment.OpenAsync(database, concurrent: false, cancellationToken).ConfigureAwait(false);
        await using var lease = await moment.CreateContextAsync(cancellationToken).ConfigureAwait(false);
        var session = new MetricSession(lease.Context, shared: true);
        for (var i = from; i < families.Count; i++)
        {
            foreach (var key in families[i])
                key.Reads = null;
            try
            {
                await ComputeFamilyAsync(session, families[i], done, cancellationToken).ConfigureAwait(false);
            }
            catch (GraphQLException e)
            {
                foreach (var key in families[i])
                    done(key, new(null, e));
            }
            catch (Exception e) when (e is DbException or InvalidOperationException && i < families.Count - 1)
            {
                logger.LogWarning(e, "A live query could not be computed and will be tried again: {Query}", families[i][0]);
                return i + 1;
            }
        }

        return families.Count;
    }

    public override bool Same(LiveFigures before, LiveFigures after) =>
        before.Table is { } a && after.Table is { } b ? SameFigures.Of(a, b) : before.Refusal?.Message == after.Refusal?.Message;

    /// <summary>One reading for all owners.</summary>
    private async Task ComputeFamilyAsync(MetricSession session, IReadOnlyList<LiveMetric> keys, Action<LiveMetric, LiveFigures> done, CancellationToken cancellationToken)
    {
        var first = keys[0];
        var owners = keys.Count == 1 ? [] : keys.Select(k => k.Owner!.Value).ToList();
        var caller = keys.Count == 1 ? first.Caller : MetricEngine.Together(first.Caller.Role, owners);
        var plan = await metrics.PlanAsync(session, first.Query, first.Selection, caller, cancellationToken).ConfigureAwait(false);
        var reads = MetricReadsOf.Plan(plan);
        foreach (var key in keys)
            (key.Reads, key.Moment) = (reads, plan.Moment);
        if (keys.Count == 1)
        {
            done(first, new(await metrics.AnswerAsync(session, plan, cancellationToken).ConfigureAwait(false), null));
            return;
        }

        var tables = await metrics.AnswerForOwnersAsync(session, plan, owners, cancellationToken).ConfigureAwait(false);
        foreach (var key in keys)
            done(key, new(tables[key.Owner!.Value], null));
    }
}
