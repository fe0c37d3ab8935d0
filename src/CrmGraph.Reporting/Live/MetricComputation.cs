using CrmGraph.Data.Changes;
using CrmGraph.Data.Database;
using CrmGraph.Data.Database.Moments;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Metrics;
using CrmGraph.Reporting.Metrics.Assembling;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Metrics.Reading;

namespace CrmGraph.Reporting.Live;

/// <summary>What the scheduler of live queries must know of metrics. One of each worker, with a memory of its own.</summary>
public sealed class MetricComputation(
    MetricEngine metrics,
    DatabaseEngine database,
    LiveLimits limits,
    TimeProvider time) : LiveComputation<LiveMetric, LiveFigures>
{
    private readonly MetricMemory _memory = new(time, TimeSpan.FromMinutes(limits.MemoryMinutes), limits.MemoryRows);
    /// <summary>Of the state up to which the memory knows all changes.</summary>
    private string? _position;
    private volatile bool _lost;

    public override object FamilyOf(LiveMetric key) => key.Family;

    public override object KindOf(LiveMetric key) => key.Kind;

    // The end of a relative period moves with the clock, maybe at this moment; its beginning only leaves days behind.
    public override bool IsAffected(LiveMetric key, CommitNotice notice) =>
        key.Reads is not { } reads || (key.Query.Period.IsRelative ? reads with { Until = DateOnly.MaxValue } : reads).IsTouchedBy(notice);

    public override void LostSight() => _lost = true;

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

    public override object CallerOf(LiveMetric key) => key.Caller.Identity;

    public override async Task ComputeAsync(IReadOnlyList<IReadOnlyList<LiveMetric>> families, LiveRound<LiveMetric, LiveFigures> round)
    {
        List<IReadOnlyList<LiveMetric>> left = [.. families];
        while (left.Count > 0 && round.GoesOn)
            await ComputeSomeAsync(left, round);
    }

    /// <summary>
    /// On one data moment, up to and with the first that fails for a reason of the database: that ends PostgreSQL's transaction, and is no fault of
    /// those after it. Takes from the list what is done, or has failed.
    /// </summary>
    private async Task ComputeSomeAsync(List<IReadOnlyList<LiveMetric>> left, LiveRound<LiveMetric, LiveFigures> round)
    {
        await using var moment = await DataMoment.OpenAsync(database, concurrent: false, round.Stop);
        await using var lease = await moment.CreateContextAsync(round.Stop);
        await database.RunAloneAsync(lease.Reading.Connection, lease.Reading.Transaction, round.Stop);
        await CatchUpAsync(lease, round.Stop);
        var session = metrics.Session(lease.Context, _memory);
        var plans = new List<MetricPlan>();
        while (plans.Count < left.Count)
        {
            var family = left[plans.Count];
            if (await TryAsync(family, cancelled => PlanAsync(session, family, cancelled)) is not { } plan)
                return;
            session.Expect(plan);
            plans.Add(plan);
        }

        foreach (var plan in plans)
        {
            var family = left[0];
            if (!round.GoesOn || await TryAsync(family, cancelled => AnswerAsync(session, plan, family, round.Done, cancelled)) is null)
                return;
            left.RemoveAt(0);
        }

        async Task<T?> TryAsync<T>(IReadOnlyList<LiveMetric> family, Func<CancellationToken, Task<T>> run) where T : class
        {
            using var turn = round.Begin(family);
            try
            {
                return await run(turn.Token);
            }
            catch (GraphQLException e) when (!turn.Token.IsCancellationRequested)
            {
                // It was possible when the stream began; any change may make it so again.
                foreach (var key in family)
                {
                    key.Reads = null;
                    round.Done(key, new(null, e));
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException && !round.Stop.IsCancellationRequested)
            {
                round.Failed(family, turn.IsTimedOut ? new LiveTimeoutException() : e);
            }

            left.Remove(family);
            return null;
        }
    }

    public override LiveFigures Trouble(Exception e) => new(null, LiveTimeoutException.Told(e, limits));

    /// <summary>Forgets what the moment's state has otherwise than the state before: exactly that, whoever wrote it.</summary>
    private async Task CatchUpAsync(DataMomentContext moment, CancellationToken cancellationToken)
    {
        if (_lost)
            (_lost, _position) = (false, null);
        var before = _position;
        // Should this fail, nothing is known of the state.
        _position = null;
        var (position, notices) = await database.ChangesSinceAsync(moment.Reading.Connection, moment.Reading.Transaction, before, cancellationToken);
        if (before is null)
            _memory.Clear();
        else
            _memory.Forget(reads => notices.Any(reads.IsTouchedBy), notices.Any(n => !MetricReads.AreDated(n.Tables)));
        _position = position;
    }

    public override bool Same(LiveFigures before, LiveFigures after) =>
        before.Table is { } a && after.Table is { } b ? SameFigures.Of(a, b) : before.Failure?.Message == after.Failure?.Message;

    private async Task<MetricPlan> PlanAsync(MetricSession session, IReadOnlyList<LiveMetric> family, CancellationToken cancellationToken)
    {
        foreach (var key in family)
            key.Reads = null;
        var first = family[0];
        if (family.Count == 1 && first.Planned?.At(time.GetUtcNow().UtcDateTime, _memory) is { } known)
        {
            (first.Reads, first.Moment) = (first.Planned.Reads, known.Moment);
            return known;
        }

        var caller = family.Count == 1 ? first.Caller : MetricEngine.Together(first.Caller.Role, family.Select(k => k.Owner!.Value));
        var plan = await metrics.PlanAsync(session, first.Query, first.Selection, caller, cancellationToken);
        // Until the answer is known a fact of any day counts: it may be the first of its kind.
        var reads = PlanReads.Of(plan).OfAllTime();
        foreach (var key in family)
            (key.Reads, key.Moment) = (reads, plan.Moment);
        first.Planned = family.Count == 1 ? LivePlan.Of(plan, reads, _memory) : null;
        return plan;
    }

    /// <summary>One reading for all owners of a family.</summary>
    private async Task<object> AnswerAsync(
        MetricSession session,
        MetricPlan plan,
        IReadOnlyList<LiveMetric> family,
        Action<LiveMetric, LiveFigures> done,
        CancellationToken cancellationToken)
    {
        if (family.Count == 1)
        {
            Done(family[0], await metrics.AnswerAsync(session, plan, family[0].Answer, cancellationToken));
            return family;
        }

        var answered = family.ToDictionary(k => k.Owner!.Value, k => k.Answer);
        var answers = await metrics.AnswerForOwnersAsync(session, plan, [.. answered.Keys], owner => answered[owner], cancellationToken);
        foreach (var key in family)
            Done(key, answers[key.Owner!.Value]);
        return family;

        void Done(LiveMetric key, MetricAnswer answer)
        {
            key.Answer = answer;
            key.Reads = answer.ReadsOf(plan);
            done(key, new(answer.Table, null));
        }
    }
}
