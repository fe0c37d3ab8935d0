using CrmGraph.Reporting.Imports.Records;

namespace CrmGraph.Reporting.Imports.Rows;

/// <summary>
/// Makes records of rows, in which each key of the file brings every value once (<see cref="KeyTracker"/>). What is made holds when it is committed:
/// rows that are refused are undone, and those behind them made again as if they had not been there. One instance per file and lane.
/// </summary>
internal sealed class RecordMerger
{
    private readonly ImportTally _tally;
    private readonly RecordValues[] _records;
    private readonly KeyTracker?[] _trackers;
    private readonly KeyTracker?[] _partTrackers;
    private readonly Action<int>[] _onConflict;
    private readonly Action<int>[] _onPartConflict;
    private readonly List<string> _conflicts = [];

    /// <param name="records">One for each record of the map; the merger works in them.</param>
    public RecordMerger(RecordValues[] records, ImportTally tally, ImportLimits limits)
    {
        (_records, _tally) = (records, tally);
        _trackers = [.. _records.Select(record => Tracker(record, limits))];
        _partTrackers = [.. _records.Select(record => record.Part is { } part ? Tracker(part, limits) : null)];
        _onConflict = [.. _records.Select(ConflictCounter)];
        _onPartConflict = [.. _records.Select(record => ConflictCounter(record.Part ?? record))];
    }

    public void Add(IEnumerable<(int Place, RecordValues Values)> row, BatchBuilder batch)
    {
        foreach (var (place, values) in row)
        {
            var record = _records[place];
            values.CopyTo(record);
            Add(place, record, batch);
        }
    }

    public void Commit()
    {
        _conflicts.ForEach(_tally.Conflict);
        _conflicts.Clear();
        foreach (var tracker in _trackers.Concat(_partTrackers))
            tracker?.Commit();
    }

    public void Undo()
    {
        _conflicts.Clear();
        foreach (var tracker in _trackers.Concat(_partTrackers))
            tracker?.Undo();
    }

    private void Add(int place, RecordValues record, BatchBuilder batch)
    {
        if (record.Part is { IsPresent: true, IdentityText: not null } part && _partTrackers[place] is { } parts)
            part.IsPresent = parts.IsFirst(part, _onPartConflict[place]);
        var saysMore = _trackers[place] is not { } tracker || record.IdentityText is null || tracker.Merge(record, _onConflict[place]);
        if (!saysMore && record.Plan.Schema is OrderSchema order && order.TryAddLine(record, batch))
            return;
        if (saysMore || record.Part is { IsPresent: true })
            record.Plan.Schema.Build(record, batch);
    }

    private static KeyTracker? Tracker(RecordValues record, ImportLimits limits) =>
        record.Plan.HasKey || record.Plan.Schema.Identity.Count > 0 ? new KeyTracker(record.Plan, record.AttributeNames.Count, limits) : null;

    private Action<int> ConflictCounter(RecordValues record)
    {
        var labels = record.Plan.Schema.Fields.Select(field => $"{record.Plan.Label}.{field.Name}")
            .Concat(record.AttributeNames.Select(name => $"{record.Plan.Label}.attributes.{name}")).ToArray();
        // When somebody became known is the first of many moments by its nature; later ones contradict nothing.
        var firstSeen = record.Plan.Schema.Fields.FirstOrDefault(field => field.Name == "createdAt")?.Index;
        return index =>
        {
            if (index != firstSeen)
                _conflicts.Add(labels[index]);
        };
    }
}
