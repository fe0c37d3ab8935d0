using CrmGraph.Reporting.Imports.Expressions;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Imports.Records;
using CrmGraph.Reporting.Imports.Values;

namespace CrmGraph.Reporting.Imports.Rows;

internal enum RowEnd { Used, Skipped, Refused }

/// <summary>What became of a row before writing. <see cref="Rule"/> is the rule that skipped it.</summary>
internal readonly record struct RowResult(RowEnd End, string? Rule, RowRefusal? Refusal);

/// <summary>
/// Reads the row at hand into the values of its records.
/// One instance per file.
/// </summary>
internal sealed class RowMapper
{
    private readonly ImportMap _map;
    private readonly RowValues _row;
    private readonly ImportTally _tally;
    private readonly ImportLimits _limits;
    private readonly RecordValues[] _records;
    private readonly HashSet<UInt128> _seen = [];
    private readonly List<RowRefusal> _mistakes = [];
    private readonly (string Name, int Index)[] _otherColumns;

    public RowMapper(ImportMap map, RowValues row, ImportTally tally, ImportLimits limits)
    {
        (_map, _row, _tally, _limits) = (map, row, tally, limits);
        _otherColumns = [.. row.Unused];
        _records = [.. map.Records.Select(Values)];
    }

    /// <summary>For all batches of the file that take one lane.</summary>
    public RecordMerger NewMerger() => new([.. _records.Select(record => record.Copy())], _tally, _limits);

    /// <summary>The key of the order that the row made, so that batches need not cut orders in two; null when it made none.</summary>
    public string? OrderKey { get; private set; }

    /// <summary>What the row has in common with those of which only the last counts, and by what it is the last.</summary>
    public string SelectionKey { get; private set; } = "";
    public Value SelectedBy { get; private set; }

    public RowResult Map()
    {
        try
        {
            _row.MoveNext();
            _mistakes.Clear();
            if (ApplyRules(out var route) is { } ended)
                return ended;
            var count = 0;
            foreach (var record in _records)
                count += Read(record, route) ? 1 : 0;
            ReadSelection();
            if (_mistakes.Count > 0)
                return new RowResult(RowEnd.Refused, null, RowRefusal.Of(_mistakes));
            if (count == 0)
                return new RowResult(RowEnd.Skipped, RefusalRules.NoRecord, null);
            if (_map.Rows.IsDistinct && IsRepeated())
                return new RowResult(RowEnd.Skipped, RefusalRules.RepeatedRow, null);
            OrderKey = _records.LastOrDefault(record => record is { IsPresent: true, Plan.Schema: OrderSchema })?.KeyText;
            return new RowResult(RowEnd.Used, null, null);
        }
        catch (RowRefusedException refused)
        {
            return new RowResult(RowEnd.Refused, null, refused.Refusal);
        }
    }

    /// <summary>The records of the row at hand, which the next row leaves alone; each with its place in the map.</summary>
    public List<(int Place, RecordValues Values)> Records()
        => [.. _records.Index().Where(record => record.Item.IsPresent).Select(record => (record.Index, record.Item.Copy()))];

    private void ReadSelection()
    {
        if (_map.Rows is not { Key: { } key, By: { } by })
            return;
        SelectionKey = Read(key).Text;
        SelectedBy = Read(by);
    }

    private bool IsRepeated()
    {
        if (_seen.Count == _limits.RememberedKeys)
            throw new ImportException(
                ImportErrorCodes.LimitExceeded,
                $"The file has more than {_limits.RememberedKeys} different rows (rows.distinct). Import it in parts.");
        return !_seen.Add(_row.Fingerprint(_map.Records.Any(record => record.TakesOtherColumns)));
    }

    private RecordValues Values(RecordPlan plan)
    {
        var names = plan.Attributes.Select(attribute => attribute.Key)
            .Concat(plan.TakesOtherColumns ? OtherColumns(plan).Select(column => column.Name) : [])
            .ToList();
        return new RecordValues(plan, _map.Source, names.Count)
        {
            AttributeNames = names,
            Part = plan.Part is { } part ? new RecordValues(part, _map.Source, 0) : null,
        };
    }

    private IEnumerable<(string Name, int Index)> OtherColumns(RecordPlan plan) =>
        _otherColumns.Where(column => !plan.ExceptColumns.Contains(column.Name, StringComparer.Ordinal));

    private RowResult? ApplyRules(out string route)
    {
        route = RowRouting.Main;
        foreach (var rule in _map.Rules)
        {
            if (!Holds(rule.When, "rules." + rule.Name))
                continue;
            switch (rule.Action)
            {
                case RuleAction.Reject:
                    return new RowResult(
                        RowEnd.Refused,
                        null,
                        new RowRefusal(rule.Name, null, rule.Message ?? $"the map rejects such rows under the rule {rule.Name}"));
                case RuleAction.Skip:
                    return new RowResult(RowEnd.Skipped, rule.Name, null);
                case RuleAction.Route when route == RowRouting.Main:
                    route = rule.Name;
                    _tally.Routed(route);
                    break;
            }
        }
        return null;
    }

    private bool Holds(Expression condition, string field)
    {
        try
        {
            return Operands.Truth(condition.Evaluate(_row), "when");
        }
        catch (ValueException exception)
        {
            throw new RowRefusedException(new RowRefusal(RefusalRules.InvalidValue, field, exception.Message));
        }
    }

    private bool Read(RecordValues record, string? route)
    {
        var plan = record.Plan;
        record.IsPresent = (route is null || plan.Routes.Count == 0 || plan.Routes.Contains(route, StringComparer.Ordinal))
            && (plan.When is null || Holds(plan.When, plan.Label + ".when"));
        if (!record.IsPresent)
            return false;
        record.Line = _row.Line;
        foreach (var field in plan.Schema.Fields)
            record[field.Index] = plan.Fields[field.Index] is { } source ? Read(source) : Value.Empty;
        ReadKeys(record);
        ReadAttributes(record);
        if (record is { IsPresent: true, Part: { } part })
            Read(part, route: null);
        return record.IsPresent;
    }

    /// <summary>A customer, product or team member without its key is not made: the row speaks of none.</summary>
    private void ReadKeys(RecordValues record)
    {
        var plan = record.Plan;
        var key = plan.Schema.Key is { } field ? record[field] : Value.Empty;
        record.KeyText = key.IsEmpty ? null : key.Text;
        if (plan.HasKey && key.IsEmpty && !plan.Schema.IsFact)
            record.IsPresent = false;
        for (var i = 0; i < plan.OtherKeys.Count; i++)
            record.OtherKeyValues[i] = Read(plan.OtherKeys[i]);
    }

    private void ReadAttributes(RecordValues record)
    {
        var place = 0;
        foreach (var (_, source) in record.Plan.Attributes)
            record.Attributes[place++] = Read(source);
        if (!record.Plan.TakesOtherColumns)
            return;
        foreach (var (_, index) in OtherColumns(record.Plan))
            record.Attributes[place++] = _row.Cell(index);
    }

    private Value Read(FieldSource source)
    {
        Value value;
        try
        {
            value = source.Read(_row);
        }
        catch (ValueException exception)
        {
            if (!source.IgnoresInvalid)
                _mistakes.Add(new RowRefusal(RefusalRules.InvalidValue, source.Label, exception.Message));
            else
                _tally.Ignored(source.Label);
            return Value.Empty;
        }
        if (!value.IsEmpty)
            return value;
        if (source.IsRequired)
            _mistakes.Add(new RowRefusal(RefusalRules.MissingValue, source.Label, $"'{source.Label}' has no value"));
        else
            _tally.Missing(source.Label);
        return value;
    }

    private sealed class RowRefusedException(RowRefusal refusal) : Exception(refusal.Message)
    {
        public RowRefusal Refusal { get; } = refusal;
    }
}
