using System.Runtime.CompilerServices;
using System.Text.Json;
using CrmGraph.Data.Changes;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Live;
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

    /// <summary>How many sections were computed, and how many were not because nothing of theirs had changed.</summary>
    internal SectionTally Sections { get; } = new();

    /// <summary>The current result at once, then every other one. One that a newer one has overtaken before it was read is left out.</summary>
    internal async Task<IAsyncEnumerable<LiveResult>> OpenAsync(
        Guid id, int? version, JsonElement parameters, RequestState request, StreamAllowance? allowance, CancellationToken cancellationToken)
    {
        // Commits are told from here on; the first result is computed after that, so that none is missed in between.
        await _changes.StartAsync(cancellationToken);
        return WatchAsync(
            isShared => new(id, version, parameters, request, new() { IsShared = isShared, Tally = Sections }), allowance, CancellationToken.None);
    }

    /// <summary>With all who have the same rights, until the report asks for something of each caller's own.</summary>
    private async IAsyncEnumerable<LiveResult> WatchAsync(
        Func<bool, LiveReport> reportOf, StreamAllowance? allowance, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var result in _live.Watch(reportOf(true), Pay, cancellationToken))
        {
            if (result.IsOwn)
                break;
            yield return result;
        }

        await foreach (var result in _live.Watch(reportOf(false), Pay, cancellationToken))
            yield return result;

        double Pay(LiveReport computed)
        {
            var wait = allowance?.Take() ?? 0;
            if (wait == 0)
                computed.Payer = allowance;
            return wait;
        }
    }

    public ValueTask DisposeAsync() => _live.DisposeAsync();
}

/// <summary>
/// A report that somebody watches. Equal for everyone who must see the same: the same rows in the same role and language; one that is of each caller's own
/// is equal for the streams of one caller.
/// </summary>
internal sealed class LiveReport : IEquatable<LiveReport>
{
    private readonly (Guid, int?, string, (string, Role, Guid?), object?, string, (double, double)?) _key;

    /// <param name="request">A state for operations of the caller.</param>
    public LiveReport(Guid id, int? version, JsonElement parameters, RequestState request, WatchedSections sections)
    {
        (Id, Version, Parameters, Request, Sections) = (id, version, parameters, request, sections);
        var (caller, policy) = (request.Require<Caller>(), request.Get<CostPolicy>());
        _key = (
            id, version, parameters.ValueKind == JsonValueKind.Undefined ? "" : parameters.GetRawText(), (caller.Scope, caller.Role, caller.TeamMemberId),
            sections.IsShared ? null : caller.Identity, Language.Of(request).Tag, policy is null ? null : (policy.FieldCost, policy.TypeCost));
    }

    public Guid Id { get; }
    public int? Version { get; }
    public JsonElement Parameters { get; }
    public RequestState Request { get; }

    /// <summary>What was computed for it and may still hold.</summary>
    public WatchedSections Sections { get; }

    /// <summary>What the last computation read; null while that is not known, when everything counts.</summary>
    public SectionReads? Reads { get; set; }

    /// <summary>Who pays for what the next computation turns out to cost; null before anybody is asked: whoever came first.</summary>
    public StreamAllowance? Payer { get; set; }

    public bool Equals(LiveReport? other) => other is not null && _key == other._key;

    public override bool Equals(object? obj) => Equals(obj as LiveReport);

    public override int GetHashCode() => _key.GetHashCode();

    public override string ToString() => $"report {Id}";
}

/// <summary>What a computation came to: a result, null where there is no such report, or why there is none.</summary>
public sealed record LiveResult(ReportResult? Result, Exception? Failure = null)
{
    /// <summary>There is none for several callers together.</summary>
    internal bool IsOwn { get; init; }
}

/// <summary>What the scheduler of live queries must know of reports.</summary>
internal sealed class ReportComputation(IServiceScopeFactory scopes, LiveLimits limits) : LiveComputation<LiveReport, LiveResult>
{
    private volatile object _sight = new();

    public override object FamilyOf(LiveReport key) => key;

    public override object KindOf(LiveReport key) => key;

    public override object CallerOf(LiveReport key) => key.Request.Require<Caller>().Identity;

    public override bool IsAffected(LiveReport key, CommitNotice notice) => key.Reads?.AreTouchedBy(notice) ?? true;

    public override void LostSight() => _sight = new();

    public override DateTimeOffset? NextRollover(LiveReport key, DateTimeOffset now) =>
        new(((now.UtcTicks / WatchedSections.Quarter.Ticks) + 1) * WatchedSections.Quarter.Ticks, TimeSpan.Zero);

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
            catch (NotCommonException)
            {
                round.Done(key, new(null) { IsOwn = true });
            }
            catch (GraphQLException e) when (!turn.Token.IsCancellationRequested)
            {
                round.Done(key, new(null, e));
            }
            catch (Exception e) when (e is not OutOfMemoryException && !round.Stop.IsCancellationRequested)
            {
                round.Failed(family, turn.IsTimedOut ? new LiveTimeoutException() : e);
            }
            finally
            {
                Charge(key);
            }
        }
    }

    private async Task<ReportResult?> ComputeAsync(LiveReport key, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (result, reads) = await scope.ServiceProvider.GetRequiredService<ReportRunner>().WatchedAsync(
            key.Id, key.Version, key.Parameters, key.Request.Fresh(), scope.ServiceProvider, new(key.Sections, _sight), cancellationToken);
        key.Reads = reads;
        if (result is not null)
            result.IsKept = false;
        return result;
    }

    /// <summary>What sections cost is known when they are computed: it is owed.</summary>
    private static void Charge(LiveReport key)
    {
        if (key.Sections.TakePrice() is var price && price > 0)
        {
            if (key.Payer is { } payer)
                payer.Charge(price);
            else
                key.Request.Get<CostPolicy>()?.Bucket?.Charge(price);
        }
    }

    public override LiveResult Trouble(Exception e) => new(null, LiveTimeoutException.Told(e, limits));

    public override bool Same(LiveResult before, LiveResult after) => before.Result is { } a && after.Result is { } b
        ? (a.Document, a.Dates, a.Version) == (b.Document, b.Dates, b.Version)
        : before.Result is null && after.Result is null && before.IsOwn == after.IsOwn && before.Failure?.Message == after.Failure?.Message;
}
