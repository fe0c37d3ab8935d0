using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Imports.Records;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Imports.Rows;

/// <summary>The writing half of an import: batches into the database, refusals back to their rows.</summary>
internal sealed class BatchConsumer(WriteBatch? write, ImportOptions options, ImportTally tally, RejectLog rejects)
{
    private const int RoundsAtMost = 8;

    private readonly List<object> _samples = [];

    public IReadOnlyList<object> Samples => _samples;

    public Task WriteAsync(FilledBatch batch, CancellationToken cancellationToken) => WriteAsync(batch, batch.Rows, cancellationToken);

    /// <summary>
    /// Writes rows whole or not at all: as long as the database refuses some, it writes none, and is asked again without them. The others are then as
    /// in a file that never held those.
    /// </summary>
    private async Task WriteAsync(FilledBatch batch, IReadOnlyList<FilledRow> rows, CancellationToken cancellationToken)
    {
        for (var round = 0; rows.Count > 0; round++)
        {
            // Each round may show only the next link of a long chain of references; halves find its end in less work.
            if (round == RoundsAtMost && rows.Count > 1)
            {
                await WriteAsync(batch, [.. rows.Take(rows.Count / 2)], cancellationToken);
                rows = [.. rows.Skip(rows.Count / 2)];
                round = 0;
            }
            var builder = new BatchBuilder();
            foreach (var row in rows)
                batch.Merger.Add(row.Records, builder);
            var outcome = write is null ? null : await write(
                builder.Batch,
                new WriteOptions { Caller = options.Caller, ContentIds = batch.ContentIds, AllOrNothing = true },
                cancellationToken);
            if (outcome is null or { Written: true } or { Refusals.Count: 0 })
            {
                Accept(batch, rows, builder.Batch, outcome);
                return;
            }
            batch.Merger.Undo();
            var refused = Refuse(batch, rows, builder.Batch, outcome);
            rows = [.. rows.Where(row => !refused.Contains(row.Line))];
        }
    }

    private void Accept(FilledBatch batch, IReadOnlyList<FilledRow> rows, IngestBatch records, IngestOutcome? outcome)
    {
        batch.Merger.Commit();
        if (write is null || options.IsDryRun)
            TakeSamples(records);
        tally.Used(rows.Count);
        if (outcome is null)
            return;
        tally.Money(outcome, records.ExchangeRates.Select(rate => rate.Currency));
        foreach (var kind in Enum.GetValues<RecordKind>())
            tally.Written(kind, outcome.Count(kind));
    }

    /// <summary>The lines of the rows that are refused. Each counts under its first reason and tells all.</summary>
    private HashSet<long> Refuse(FilledBatch batch, IReadOnlyList<FilledRow> rows, IngestBatch records, IngestOutcome outcome)
    {
        var keys = records.All().Where(record => !record.Key.IsNone).ToLookup(record => (record.Kind, record.Origin), record => record.Key);
        var followers = Followers(records, outcome);
        var leaders = outcome.Refusals.Where(refusal => !followers.Contains(refusal.Origin))
            .ToLookup(refusal => refusal.Code != RefusalCodes.ReferenceNotFound);
        // What a row refers to may come with a row that is refused now: it is asked for again as long as others are wrong.
        var own = leaders[leaders.Contains(true)].Select(refusal => refusal.Origin).ToHashSet();
        var refused = outcome.Refusals.Where(refusal => own.Count == 0 || own.Contains(refusal.Origin)).ToLookup(refusal => refusal.Origin);
        foreach (var row in rows.Where(row => refused.Contains(row.Line)))
        {
            var refusal = RowRefusal.Of([.. refused[row.Line].SelectMany(one => one.Further.Prepend(one)).DistinctBy(one => (one.Code, one.Message))
                .Select(one => Told(one, keys[(one.Kind, one.Origin)].FirstOrDefault()))]);
            tally.Refused(row.Line, refusal);
            rejects.Add(batch.FileName, row.Line, refusal, batch.RawOf(row));
        }
        foreach (var kind in refused.SelectMany(row => row).CountBy(refusal => refusal.Kind))
            tally.Written(kind.Key, new KindCount { Refused = kind.Value });
        return [.. refused.Select(row => row.Key)];
    }

    /// <summary>
    /// Rows that are refused with an order that another row began, or behind a refused row of the same key, whose values they lack: without that row they
    /// may be right. So it does not matter which rows a batch has.
    /// </summary>
    private static HashSet<long> Followers(IngestBatch records, IngestOutcome outcome)
    {
        var orders = outcome.Refusals.Where(refusal => refusal.Kind == RecordKind.Order).Select(refusal => refusal.Origin).ToHashSet();
        var refused = outcome.Refusals.Select(refusal => refusal.Origin).ToHashSet();
        var behind = records.All().Where(record => !record.Key.IsNone && refused.Contains(record.Origin))
            .GroupBy(record => (record.Kind, record.Key), record => record.Origin)
            .SelectMany(origins => origins.Where(origin => origin != origins.Min()));
        return [.. records.Orders.Where(order => orders.Contains(order.Origin))
            .SelectMany(order => (order.Lines ?? []).Select(line => line.Origin).Where(line => line != order.Origin)).Concat(behind)];
    }

    /// <summary>What the database says of a record, with the key that the row gave it.</summary>
    private static RowRefusal Told(Refusal refusal, ExternalKey key)
    {
        var kind = char.ToLowerInvariant(refusal.Kind.ToString()[0]) + refusal.Kind.ToString()[1..];
        var message = key.IsNone || refusal.Message.Contains(key.Key, StringComparison.Ordinal) ? refusal.Message : $"{refusal.Message} ({kind} {key})";
        return new RowRefusal(refusal.Code, refusal.Field is null ? kind : $"{kind}.{refusal.Field}", message);
    }

    private void TakeSamples(IngestBatch records)
    {
        if (_samples.Count > 0)
            return;
        IEnumerable<IngestRecord>[] kinds =
        [
            records.SalesTeams, records.TeamMembers, records.Products, records.Campaigns, records.CampaignSpend, records.ExchangeRates, records.Customers,
            records.Orders, records.Interactions, records.Tickets, records.SurveyResponses, records.Opportunities, records.Contracts,
        ];
        var perKind = Math.Max(1, options.Samples / Math.Max(1, kinds.Count(kind => kind.Any())));
        _samples.AddRange(kinds.SelectMany(kind => kind.Take(perKind)).Take(options.Samples - _samples.Count).Select(RecordSample.Of));
    }
}

/// <summary>A record as people can read it in a dry run: only what is given.</summary>
internal static class RecordSample
{
    public static object Of(object record)
    {
        var sample = new Dictionary<string, object?> { ["record"] = record is IngestRecord { Kind: var kind } ? kind.ToString() : record.GetType().Name };
        foreach (var property in record.GetType().GetProperties()
            .Where(property => property.Name != nameof(IngestRecord.Kind) && property.GetIndexParameters().Length == 0))
        {
            if (Shown(property.GetValue(record)) is { } value)
                sample[char.ToLowerInvariant(property.Name[0]) + property.Name[1..]] = value;
        }
        return sample;
    }

    private static object? Shown(object? value)
    {
        switch (value)
        {
            case null or RowRef { IsNone: true } or ExternalKey { IsNone: true } or false:
                return null;
            case ExternalKey or RowRef or Enum:
                return value.ToString();
            case IEnumerable<LineRecord> lines:
                return lines.Take(3).Select(Of).ToList();
            case IEnumerable<KeyValuePair<string, string?>> attributes:
                return attributes.ToDictionary(pair => pair.Key, pair => pair.Value);
            case IEnumerable<ExternalKey> keys:
                return keys.Select(key => key.ToString()).ToList();
        }
        var type = value.GetType();
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(Optional<>))
            return value;
        return (bool)type.GetProperty(nameof(Optional<int>.HasValue))!.GetValue(value)!
            ? Shown(type.GetProperty(nameof(Optional<int>.Value))!.GetValue(value))
            : null;
    }
}
