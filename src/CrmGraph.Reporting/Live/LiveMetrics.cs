using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Costs;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics;
using CrmGraph.Reporting.Metrics.Planning;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace CrmGraph.Reporting.Live;

/// <summary>The metric queries that are watched on this server. One instance per database and process; idle, and without a connection, until the first subscriber.</summary>
public sealed class LiveMetrics : IAsyncDisposable
{
    private readonly MetricEngine _metrics;
    private readonly IDbContextFactory<CrmDbContext> _contexts;
    private readonly LiveQueries<LiveMetric, LiveFigures> _live;
    private readonly LiveChanges _changes;

    public LiveMetrics(
        MetricEngine metrics,
        DatabaseEngine database,
        IDbContextFactory<CrmDbContext> contexts,
        LiveChanges changes,
        LiveLimits limits,
        TimeProvider time,
        ILogger<LiveMetrics> log)
    {
        _metrics = metrics;
        _contexts = contexts;
        var workers = Enumerable.Range(0, limits.Workers + 1).Select(_ => new MetricComputation(metrics, database, limits, time));
        _live = new(workers, limits, time, log);
        (_changes = changes).Add(_live);
    }

    /// <summary>Different queries watched at this moment.</summary>
    public int Count => _live.Count;

    public LiveLoad Load => _live.Load;

    /// <summary>The current table at once, then every other one. A table that a newer one has overtaken before it was read is left out; why there is none comes as an element too.</summary>
    /// <exception cref="GraphQL.Errors.GraphQLException">The arguments make no sense.</exception>
    public async Task<IAsyncEnumerable<LiveFigures>> OpenAsync(
        MetricQuery query,
        MetricSelection selection,
        Caller caller,
        StreamAllowance? allowance,
        CancellationToken cancellationToken)
    {
        var watched = new LiveMetric(query, selection, caller);
        // What cannot be computed is refused before the stream begins; what was computed for others who see the same can be.
        if (_live.ValueOf(watched) is not { Failure: null })
            await PlanAsync(watched, cancellationToken);
        // Commits are told from here on; the first value is computed after that, so that none is missed in between.
        await _changes.StartAsync(cancellationToken);
        return _live.Watch(watched, allowance is null ? null : _ => allowance.Take(), CancellationToken.None);
    }

    private async Task PlanAsync(LiveMetric watched, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await _metrics.PlanAsync(_metrics.Session(db), watched.Query, watched.Selection, watched.Caller, cancellationToken);
    }

    public ValueTask DisposeAsync() => _live.DisposeAsync();
}
