using System.Data;
using System.Data.Common;
using System.Text.Json;
using CrmGraph.Data.Database;
using CrmGraph.Data.Database.Bulk;
using CrmGraph.Data.Database.Moments;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Analyses.Scores;

/// <summary>
/// Keeps the scores of customers: of one state of the data it computes them all anew, and in one transaction it writes those that differ together with the
/// position in the log of changes that they are of. Killed at any moment it leaves those of before. Of several servers one at a time is at work; should two
/// be, the later state stays.
/// </summary>
public sealed class ScoreKeeper(DatabaseEngine engine, CrmLimits limits) : IDisposable
{
    /// <summary>What scores are computed from.</summary>
    private static readonly HashSet<string> Inputs = new(["orders", "customers", "exchange_rates", "settings"], StringComparer.Ordinal);
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(10);
    /// <summary>The log of changes keeps an hour.</summary>
    private static readonly TimeSpan OldestPosition = TimeSpan.FromMinutes(30), MovePosition = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _one = new(1);

    public void Dispose() => _one.Dispose();

    /// <summary>Refreshes the scores when something has changed that they follow from, or a day has begun.</summary>
    /// <returns>Whether they were refreshed.</returns>
    public async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        if (!await IsDueAsync(cancellationToken) || !await ClaimAsync(cancellationToken))
            return false;
        try
        {
            await RefreshAsync(refit: false, cancellationToken);
            return true;
        }
        finally
        {
            await using var db = engine.CreateContext();
            await db.CustomerScoring.ExecuteUpdateAsync(s => s.SetProperty(x => x.ClaimedUntil, (DateTime?)null), CancellationToken.None);
        }
    }

    /// <summary>Refreshes the scores now.</summary>
    /// <param name="refit">The models are fitted anew, too, although those of today are there.</param>
    public async Task RefreshAsync(bool refit, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 1; ; attempt++)
                try
                {
                    await WriteAsync(Compute(await ReadAsync(cancellationToken), refit), cancellationToken);
                    return;
                }
                catch (DbException e) when (e.IsTransient && attempt < 3)
                {
                    // Another server did the same, or a customer was merged meanwhile.
                }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Whether there are scores, of whatever moment; false, too, when the database cannot say so.</summary>
    public async Task<bool> HasScoresAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var db = engine.CreateContext();
            return await db.CustomerScoring.AnyAsync(s => s.AsOf != null, cancellationToken);
        }
        catch (DbException)
        {
            return false;
        }
    }

    private async Task<bool> IsDueAsync(CancellationToken cancellationToken)
    {
        await using var connection = await engine.OpenConnectionAsync(cancellationToken);
        await using var db = engine.CreateContext();
        var state = await db.CustomerScoring.AsNoTracking().SingleAsync(cancellationToken);
        var (moment, now) = (await ReportingMoment.ReadAsync(db, engine.Clock, cancellationToken), Instants.Now(engine.Clock));
        if (state.Position is null || state.ScoredDay != moment.Today || now - state.CheckedAt > OldestPosition)
            return true;
        var (position, notices) = await engine.ChangesSinceAsync(connection, null, state.Position, cancellationToken);
        if (notices.Any(n => n.Tables.Any(Inputs.Contains)))
            return true;
        if (now - state.CheckedAt > MovePosition)
            await db.CustomerScoring.Where(s => s.Position == state.Position).ExecuteUpdateAsync(
                s => s.SetProperty(x => x.Position, position).SetProperty(x => x.CheckedAt, now), cancellationToken);
        return false;
    }

    private async Task<bool> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var db = engine.CreateContext();
        var now = Instants.Now(engine.Clock);
        var until = now + Claim;
        return await db.CustomerScoring.Where(s => s.ClaimedUntil == null || s.ClaimedUntil < now)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.ClaimedUntil, until), cancellationToken) == 1;
    }

    private async Task<Input> ReadAsync(CancellationToken cancellationToken)
    {
        await using var moment = await DataMoment.OpenAsync(engine, concurrent: false, cancellationToken);
        await using var lease = await moment.CreateContextAsync(cancellationToken);
        var (position, _) = await engine.ChangesSinceAsync(lease.Reading.Connection, lease.Reading.Transaction, null, cancellationToken);
        var (db, state) = (lease.Context, await lease.Context.CustomerScoring.AsNoTracking().SingleAsync(cancellationToken));
        var (settings, rows) = (await db.SettingsAsync(cancellationToken), new Rows(db, Caller.System));
        var scope = new AnalysisScope
        {
            Rows = rows, Customers = rows.Customers, Database = db, Settings = settings, Limits = limits, CancellationToken = cancellationToken,
            Moment = ReportingMoment.Of(settings, engine.Clock) with { Now = lease.AsOf },
        };
        var input = new Input(scope, position, state.Models is { } models ? JsonSerializer.Deserialize<ScoreModels>(models) : null);
        try
        {
            var customers = await scope.ReadAsync(scope.Customers.Select(c => c.Id));
            return input with { Customers = customers, Purchases = await Purchases.ReadAsync(scope, scope.Past(null)) };
        }
        catch (GraphQLException none)
        {
            return input with { Reason = none.Message };
        }
    }

    private static Output Compute(Input input, bool refit)
    {
        if (input.Purchases is not { } purchases)
            return new(input, null, [], input.Reason);
        var days = input.Scope.Past(null);
        try
        {
            var models = !refit && input.Models is { Lifetime: not null } kept && kept.Day == input.Scope.Moment.Today
                ? kept
                : ScoreModels.Fit(input.Scope, purchases, days);
            return new(input, models, CustomerScorer.Of(input.Customers, purchases, days, models), null);
        }
        catch (GraphQLException none)
        {
            return new(input, null, [], none.Message);
        }
    }

    private async Task WriteAsync(Output output, CancellationToken cancellationToken)
    {
        await using var connection = await engine.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using var db = engine.CreateContext(connection, transaction);
        await engine.EnterWriteAsync(db, alone: false, cancellationToken);
        var (state, asOf) = (await db.CustomerScoring.SingleAsync(cancellationToken), output.Input.Scope.Moment.Now);
        if (state.AsOf > asOf)
            return;
        (state.AsOf, state.ScoredDay, state.Currency) = (asOf, output.Input.Scope.Moment.Today, output.Input.Purchases?.Currency);
        (state.Position, state.CheckedAt, state.Reason) = (output.Input.Position, asOf, output.Reason);
        state.Models = output.Models is { } models ? JsonSerializer.Serialize(models) : null;
        await db.SaveChangesAsync(cancellationToken);
        var kept = await db.CustomerScores.AsNoTracking().ToDictionaryAsync(s => s.CustomerId, cancellationToken);
        // Whoever has gone since the state was read took his scores along.
        var there = (await db.Customers.Where(c => !c.IsGuest).Select(c => c.Id).ToListAsync(cancellationToken)).ToHashSet();
        var scored = output.Scores.Where(s => there.Contains(s.CustomerId)).ToList();
        var changed = scored.Where(s => !kept.Remove(s.CustomerId, out var before) || !Same(before, s)).ToList();
        foreach (var gone in kept.Keys.Chunk(1000))
            await db.CustomerScores.Where(s => gone.Contains(s.CustomerId)).ExecuteDeleteAsync(cancellationToken);
        await BulkWriter.Within(engine, transaction).UpsertAsync(changed, OnExisting.Update, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static bool Same(CustomerScores a, CustomerScores b) =>
        (a.RecencyScore, a.FrequencyScore, a.MonetaryScore, a.RfmGroup, a.ValueClass, a.Cluster)
            == (b.RecencyScore, b.FrequencyScore, b.MonetaryScore, b.RfmGroup, b.ValueClass, b.Cluster)
        && (a.ProbabilityAlive, a.ExpectedOrders, a.PredictedValue, a.PredictedValueTwoYears, a.PredictedValueThreeYears)
            == (b.ProbabilityAlive, b.ExpectedOrders, b.PredictedValue, b.PredictedValueTwoYears, b.PredictedValueThreeYears);

    /// <summary>What was read of one state.</summary>
    /// <param name="Models">Those of before.</param>
    private sealed record Input(AnalysisScope Scope, string Position, ScoreModels? Models)
    {
        public IReadOnlyList<Guid> Customers { get; init; } = [];
        public Purchases? Purchases { get; init; }
        /// <summary>Why nothing could be read.</summary>
        public string? Reason { get; init; }
    }

    private sealed record Output(Input Input, ScoreModels? Models, IReadOnlyList<CustomerScores> Scores, string? Reason);
}
