using CrmGraph.Reporting.Ingest;

namespace CrmGraph.Reporting.Imports.Rows;

/// <summary>The writing half of an import: batches into the database, refusals back to their rows.</summary>
internal sealed class BatchConsumer(WriteBatch? write, ImportOptions options, ImportTally tally, RejectLog rejects)
{
    private readonly List<object> _samples = [];

    public IReadOnlyList<object> Samples => _samples;

    public async Task WriteAsync(FilledBatch batch, CancellationToken cancellationToken)
    {
        if (write is null || options.IsDryRun)
            TakeSamples(batch);
        if (write is null)
        {
            tally.Used(batch.Rows);
            return;
        }
        var outcome = await write(batch.Builder.Batch, new WriteOptions { Caller = options.Caller, ContentIds = batch.ContentIds }, cancellationToken);
        tally.Money(outcome, batch.Builder.Batch.ExchangeRates.Select(rate => rate.Currency));
        foreach (var kind in Enum.GetValues<RecordKind>())
            tally.Written(kind, outcome.Count(kind));
        tally.Used(batch.Rows - CountRefused(batch, outcome));
    }

    /// <summary>A row is refused when any of its records is; it counts under the first reason and tells all.</summary>
    private int CountRefused(FilledBatch batch, IngestOutcome outcome)
    {
        if (outcome.Refusals.Count == 0)
            return 0;
        var keys = batch.Builder.Batch.All().Where(record => !record.Key.IsNone).ToLookup(record => (record.Kind, record.Origin), record => record.Key);
        var rows = outcome.Refusals.GroupBy(refusal => refusal.Origin).ToList();
        foreach (var row in rows)
        {
            var refusal = RowRefusal.Of([.. row.SelectMany(one => one.Further.Prepend(one)).DistinctBy(one => (one.Code, one.Message)).Select(one => Told(one, keys[(one.Kind, one.Origin)].FirstOrDefault()))]);
            tally.Refused(row.Key, refusal);
            rejects.Add(batch.FileName, row.Key, refusal, batch.RawOf(row.Key));
        }
        return rows.Count;
    }

    /// <summary>What the database says of a record, with the key that the row gave it.</summary>
    private static RowRefusal Told(Refusal refusal, ExternalKey key)
    {
        var kind = char.ToLowerInvariant(refusal.Kind.ToString()[0]) + refusal.Kind.ToString()[1..];
        var message = key.IsNone || refusal.Message.Contains(key.Key, StringComparison.Ordinal) ? refusal.Message : $"{refusal.Message} ({kind} {key})";
        return new RowRefusal(refusal.Code, refusal.Field is null ? kind : $"{kind}.{refusal.Field}", message);
    }

    private void TakeSamples(FilledBatch batch)
    {
        if (_samples.Count > 0)
            return;
        var records = batch.Builder.Batch;
        IEnumerable<IngestRecord>[] kinds =
        [
            records.SalesTeams, records.TeamMembers, records.Products, records.Campaigns, records.CampaignSpend, records.ExchangeRates, records.Customers,
            records.Orders, records.Interactions, records.Tickets, records.SurveyAnswers, records.Opportunities, records.Contracts,
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
        foreach (var property in record.GetType().GetProperties().Where(property => property.Name != nameof(IngestRecord.Kind) && property.GetIndexParameters().Length == 0))
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
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(Given<>))
            return value;
        return (bool)type.GetProperty(nameof(Given<int>.IsGiven))!.GetValue(value)! ? Shown(type.GetProperty(nameof(Given<int>.Value))!.GetValue(value)) : null;
    }
}
