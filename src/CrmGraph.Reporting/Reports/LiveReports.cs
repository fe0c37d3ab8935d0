using System.Text.Json;
using CrmGraph.Data.Changes;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Live;
using CrmGraph.Reporting.Metrics.Reading;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CrmGraph.Reporting.Reports;

/// <summary>The reports that are watched on this server. One instance per database and process.</summary>
public sealed class LiveReports : IAsyncDisposable
{
    private readonly LiveQueries<LiveReport, LiveResult> _live;
    private readonly LiveChanges _changes;

    public LiveReports(IServiceScopeFactory scopes, LiveChanges changes, LiveLimits limits, TimeProvider time, ILogger<LiveReports> log)
    {
        _live = new(Enumerable.Range(0, limits.Workers + 1).Select(_ => new ReportComputation(scopes, limits)), limits, time, log);
        (_changes = changes).Add(_live);
    }

    public LiveLoad Load => _live.Load;

    /// <summary>The current result at once, then every other one. One that a newer one has overtaken before it was read is left out.</summary>
    internal async Task<IAsyncEnumerable<LiveResult>> OpenAsync(LiveReport report, StreamAllowance? allowance, CancellationToken cancellationToken)
    {
        // Commits are told from here on; the first result is computed after that, so that none is missed in between.
        await _changes.StartAsync(cancellationToken);
        return _live.Watch(report, allowance is null ? null : allowance.Take, CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _live.DisposeAsync();
}

/// <summary>A report that somebody watches. Streams of one caller share it: each section is charged to him.</summary>
/// <param name="request">A state for operations of the caller.</param>
internal sealed class LiveReport(Guid id, int? version, JsonElement parameters, RequestState request) : IEquatable<LiveReport>
{
    private readonly (Guid, int?, string, object, string, Role, string) _key = (
        id, version, parameters.ValueKind == JsonValueKind.Undefined ? "" : parameters.GetRawText(), request.Require<Caller>().Identity,
        request.Require<Caller>().Scope, request.Require<Caller>().Role, Language.Of(request).Tag);

    public Guid Id => id;
    public int? Version => version;
    public JsonElement Parameters => parameters;
    public RequestState Request => request;

    /// <summary>What the last computation read; null while that is not known, when everything counts.</summary>
    public WatchedReads? Reads { get; set; }

    public bool Equals(LiveReport? other) => other is not null && _key == other._key;

    public override bool Equals(object? obj) => Equals(obj as LiveReport);

    public override int GetHashCode() => _key.GetHashCode();

    public override string ToString() => $"report {id}";
}

/// <summary>What a computation came to: a result, null where there is no such report, or why there is none.</summary>
public sealed record LiveResult(ReportResult? Result, Exception? Failure = null);

/// <summary>What the scheduler of live queries must know of reports.</summary>
internal sealed class ReportComputation(IServiceScopeFactory scopes, LiveLimits limits) : LiveComputation<LiveReport, LiveResult>
{
    private static readonly TimeSpan _quarter = TimeSpan.FromMinutes(15);

    public override object FamilyOf(LiveReport key) => key;

    public override object KindOf(LiveReport key) => key;

    public override object CallerOf(LiveReport key) => key.Request.Require<Caller>().Identity;

    public override bool IsAffected(LiveReport key, CommitNotice notice) => key.Reads?.AreTouchedBy(notice) ?? true;

    /// <summary>Hours and days of all zones begin with a quarter of UTC's.</summary>
    public override DateTimeOffset? NextRollover(LiveReport key, DateTimeOffset now) =>
        new(((now.UtcTicks / _quarter.Ticks) + 1) * _quarter.Ticks, TimeSpan.Zero);

    public override async Task ComputeAsync(IReadOnlyList<IReadOnlyList<LiveReport>> families, LiveRound<LiveReport, LiveResult> round)
    {
        foreach (var family in families.TakeWhile(_ => round.GoesOn))
        {
            using var turn = round.Begin(family);
            var key = family[0];
            key.Reads = null;
            try
            {
                round.Done(key, new(await ComputeAsync(key, turn.Token)));
            }
            catch (GraphQLException e) when (!turn.Token.IsCancellationRequested)
            {
                round.Done(key, new(null, e));
            }
            catch (Exception e) when (e is not OutOfMemoryException && !round.Stop.IsCancellationRequested)
            {
                round.Failed(family, turn.IsTimedOut ? new LiveTimeoutException() : e);
            }
        }
    }

    private async Task<ReportResult?> ComputeAsync(LiveReport key, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var reads = new WatchedReads();
        var result = await scope.ServiceProvider.GetRequiredService<ReportRunner>().CurrentAsync(
            key.Id, key.Version, key.Parameters, key.Request.Fresh().Set(reads), scope.ServiceProvider, cancellationToken);
        // Only of metrics, and of those that could be answered, is it known what they read.
        if (result is { IsKept: true, HasRows: false })
            key.Reads = reads;
        if (result is not null)
            result.IsKept = false;
        return result;
    }

    public override LiveResult Trouble(Exception e) => new(null, LiveTimeoutException.Told(e, limits));

    public override bool Same(LiveResult before, LiveResult after) => before.Result is { } a && after.Result is { } b
        ? (a.Document, a.Dates, a.Version) == (b.Document, b.Dates, b.Version)
        : before.Result is null && after.Result is null && before.Failure?.Message == after.Failure?.Message;
}
