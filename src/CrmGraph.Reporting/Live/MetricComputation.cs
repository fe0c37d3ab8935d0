using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Database;
using CrmGraph.Reporting.Metrics;

namespace CrmGraph.Reporting.Live;

/// <summary>What the scheduler of live queries must know of metrics.</summary>
public sealed class MetricComputation(MetricEngine metrics, DatabaseEngine database) : LiveComputation<LiveMetric, LiveFigures>
{
    /// <summary>Facts that count on the day by which the database tells their changes, and on no other.</summary>
    private static readonly HashSet<string> _dated = ["orders", "order_lines", "tickets", "survey_answers", "campaign_spend", "interactions"];

    public override object FamilyOf(LiveMetric key) => key.Family;

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

    public override async Task<IReadOnlyDictionary<LiveMetric, LiveFigures>> ComputeAsync(IReadOnlyList<LiveMetric> keys, CancellationToken cancellationToken)
    {
        foreach (var key in keys)
            key.Reads = null;
        var values = new Dictionary<LiveMetric, LiveFigures>();
        await using var moment = await DataMoment.OpenAsync(database, concurrent: false, cancellationToken).ConfigureAwait(false);
        await using var lease = await moment.CreateContextAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (keys.Count > 1)
                await ComputeFamilyAsync(lease.Context, keys, values, cancellationToken).ConfigureAwait(false);
            else
                values[keys[0]] = new(await ComputeAsync(lease.Context, keys[0], cancellationToken).ConfigureAwait(false), null);
        }
        catch (GraphQLException e)
        {
            foreach (var key in keys)
                values[key] = new(null, e);
        }

        return values;
    }

    public override bool Same(LiveFigures before, LiveFigures after) =>
        before.Table is { } a && after.Table is { } b ? SameFigures.Of(a, b) : before.Refusal?.Message == after.Refusal?.Message;

    private async Task<MetricTable> ComputeAsync(CrmDbContext db, LiveMetric key, CancellationToken cancellationToken)
    {
        var plan = await metrics.PlanAsync(db, key.Query, key.Selection, key.Caller, cancellationToken).ConfigureAwait(false);
        (key.Reads, key.Moment) = (MetricReadsOf.Plan(plan), plan.Moment);
        return await metrics.AnswerAsync(db, plan, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One reading for all owners.</summary>
    private async Task ComputeFamilyAsync(CrmDbContext db, IReadOnlyList<LiveMetric> keys, Dictionary<LiveMetric, LiveFigures> values, CancellationToken cancellationToken)
    {
        var first = keys[0];
        var owners = keys.Select(k => k.Owner!.Value).Order().ToList();
        var together = new Caller("owners", first.Caller.Role, null, owners);
        var plan = await metrics.PlanAsync(db, first.Query, first.Selection, together, cancellationToken).ConfigureAwait(false);
        var reads = MetricReadsOf.Plan(plan);
        foreach (var key in keys)
            (key.Reads, key.Moment) = (reads, plan.Moment);
        var tables = await metrics.AnswerForOwnersAsync(db, plan, owners, cancellationToken).ConfigureAwait(false);
        foreach (var key in keys)
            values[key] = new(tables[key.Owner!.Value], null);
    }
}
