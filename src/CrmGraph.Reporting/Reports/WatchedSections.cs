using System.Text.Json;
using CrmGraph.Data.Database;
using CrmGraph.Data.Database.Moments;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Execution.Response;
using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Metrics.Reading;

namespace CrmGraph.Reporting.Reports;

/// <summary>An operation of a section with its variables, as text.</summary>
internal sealed record SectionRequest(string Operation, JsonElement Variables, IReadOnlyList<SelectedArguments> Fields)
{
    /// <summary>Equal for what has the same answer.</summary>
    public (string, string) Key { get; } = (Operation, Variables.GetRawText());

    /// <summary>The fields whose answers follow from the rows that the caller may see, from his role and his language: others are computed for each caller.</summary>
    internal static IReadOnlySet<string> Common { get; } = new HashSet<string>
    {
        "__typename", "abc", "anomalies", "basket", "clusters", "factors", "lookalikes", "cohorts", "distribution", "explain", "forecast", "funnel",
        "lifetimeValueModel", "correlation", "regression", "rfm", "customerScoring", "settings", "customers", "customerAggregates", "customer",
        "customerByExternalId", "customMetrics", "annotations", "goals", "campaigns", "facts", "metrics", "metricCatalog", "orders", "orderAggregates",
        "orderLineAggregates", "products", "productAggregates", "opportunities", "opportunityAggregates", "contracts", "contractAggregates", "exchangeRates",
        "segments", "segment", "segmentByKey", "segmentPreview", "interactions", "interactionAggregates", "tickets", "ticketAggregates", "surveyResponses",
        "surveyResponseAggregates", "surveyAnswers", "surveyAnswerAggregates", "teamMembers", "salesTeams",
    };
    private static readonly HashSet<string> _ofMetrics =
        ["MetricTable", "MetricRow", "MetricValue", "MetricSeries", "MetricPivot", "DimensionValue", "TimeBucket", "Period"];

    /// <summary>Whether callers with the same rights get the same answer.</summary>
    public bool IsCommon => Fields.All(f => f.On != QueryType || Common.Contains(f.Field.Name));

    /// <summary>Whether nothing but metrics is read, which tell by themselves what that is.</summary>
    public bool IsOfMetrics => Fields.All(f => f.On == QueryType ? f.Field.Name is "metrics" or "__typename" : _ofMetrics.Contains(f.On.Name));

    /// <summary>Whether the answer says when it was made, or what the server is doing.</summary>
    public bool IsOfItsMoment => Fields.Any(f => f.Field.Name is "asOf" or "serverHealth" || f is { On.Name: "MetricTable", Field.Name: "version" });

    public required ObjectType? QueryType { get; init; }
}

/// <summary>
/// The sections of a watched report that were computed: those whose tables have not changed since are not computed again. One computation at a time.
/// </summary>
internal sealed class WatchedSections
{
    /// <summary>Hours and days of all zones begin with a quarter of UTC's: what follows the clock is another then.</summary>
    internal static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    private readonly Dictionary<(string Operation, string Variables), Kept> _kept = [];
    private object? _sight;
    private string? _position;
    private long _quarter;
    private double _price;

    public required SectionTally Tally { get; init; }

    /// <summary>Whether only what callers with the same rights have in common may be computed.</summary>
    public required bool IsShared { get; init; }

    /// <summary>What the sections cost that were computed since this was last asked.</summary>
    public double TakePrice() => Interlocked.Exchange(ref _price, 0);

    /// <summary>Forgets what the moment's state has otherwise than the state before: exactly that, whoever wrote it.</summary>
    /// <param name="sight">Another one when commits may have been missed.</param>
    public async Task CatchUpAsync(DatabaseEngine engine, DataMomentContext moment, object sight, CancellationToken cancellationToken)
    {
        var (before, quarter) = (_sight == sight ? _position : null, moment.AsOf.Ticks / Quarter.Ticks);
        // Should this fail, nothing is known of the state.
        _position = null;
        var (position, notices) = await engine.ChangesSinceAsync(moment.Reading.Connection, moment.Reading.Transaction, before, cancellationToken);
        if (before is null || quarter != _quarter)
            _kept.Clear();
        else
            foreach (var (key, kept) in _kept)
                if (notices.Any(kept.Reads.AreTouchedBy))
                    _kept.Remove(key);
        (_sight, _quarter, _position) = (sight, quarter, position);
    }

    /// <summary>The answer to an operation while it is still the same.</summary>
    public ReadOnlyMemory<byte>? Find(SectionRequest request)
    {
        if (_kept.GetValueOrDefault(request.Key)?.Answer is not { } answer)
            return null;
        Interlocked.Increment(ref Tally.Spared);
        return answer;
    }

    /// <summary>A state for an operation that is computed: it notes what is read, and nobody pays it yet.</summary>
    public static RequestState Listen(RequestState state)
    {
        var own = state.Copy().Set(new WatchedReads()).Set(new ExplainedStatements());
        return own.Get<CostPolicy>() is { } policy ? own.Set(policy with { Bucket = null }) : own;
    }

    /// <summary>Keeps an answer, unless it has errors or is of its moment alone; and what it was read from.</summary>
    /// <param name="listening">Of <see cref="Listen"/>.</param>
    public void Keep(SectionRequest request, ExecutionResult result, ReadOnlySpan<byte> answer, RequestState listening)
    {
        Interlocked.Increment(ref Tally.Computed);
        _price += result.Cost?.Cost.Total ?? 0;
        if (result.Errors.Count > 0)
            return;
        var reads = request.IsOfMetrics
            ? SectionReads.Of(listening.Require<WatchedReads>())
            : SectionReads.Of(listening.Require<ExplainedStatements>().Texts);
        _kept[request.Key] = new(request.IsOfItsMoment ? null : (ReadOnlyMemory<byte>?)answer.ToArray(), reads);
    }

    /// <summary>What all of the sections read; null when that is not known of one of them.</summary>
    public SectionReads? Reads(IEnumerable<SectionRequest> requests)
    {
        var all = new List<SectionReads>();
        foreach (var request in requests)
        {
            if (!_kept.TryGetValue(request.Key, out var kept))
                return null;
            all.Add(kept.Reads);
        }

        return SectionReads.Together(all);
    }

    private sealed record Kept(ReadOnlyMemory<byte>? Answer, SectionReads Reads);
}

/// <summary>How many sections of watched reports were computed, and how many were not because nothing of theirs had changed.</summary>
internal sealed class SectionTally
{
    public long Computed, Spared;
}

/// <summary>A report asks for something that is each caller's own, and was to be computed for several.</summary>
internal sealed class NotCommonException() : Exception("The report is of each caller's own.");
