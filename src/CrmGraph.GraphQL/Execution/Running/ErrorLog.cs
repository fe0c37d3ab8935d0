using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution.Columns;

namespace CrmGraph.GraphQL.Execution.Running;

/// <summary>The execution errors of one response and the null slots that propagate. Fields that run at the same time write to it.</summary>
internal sealed class ErrorLog(int maximumErrors, Action<UnexpectedError>? report, Func<Exception, GraphQLError?>? explain = null)
{
    private readonly Lock _lock = new();
    private readonly List<GraphQLError> _errors = [];
    private readonly List<(Column Column, int Slot)> _violations = [];
    private readonly Dictionary<Exception, string> _reported = new(ReferenceEqualityComparer.Instance);
    private int _leftOut;

    /// <summary>The slot's value failed: an error, and null in its place.</summary>
    public void Fail(Column column, int slot, Exception exception)
    {
        var error = exception switch
        {
            GraphQLException known => known.Error,
            FormatException wrong => new GraphQLError(wrong.Message) { Code = ErrorCodes.Internal },
            _ => explain?.Invoke(exception) ?? Masked(exception, column, slot),
        };
        Fail(column, slot, error);
    }

    public void Fail(Column column, int slot, GraphQLError error)
    {
        lock (_lock)
        {
            if (_errors.Count >= maximumErrors)
                _leftOut++;
            else
                _errors.Add(error with { Path = column.Path(slot), Locations = error.Locations.Count > 0 ? error.Locations : column.Field.Locations });
            if (column.IsNonNull)
                _violations.Add((column, slot));
        }
    }

    /// <summary>The slot is null although its type says never.</summary>
    public void NullInNonNull(Column column, int slot) => Fail(column, slot,
        new GraphQLError($"Cannot return null for non-nullable field {column.Field.ParentType.Name}.{column.Field.Definition.Name}.")
        {
            Code = ErrorCodes.NonNullViolation
        });

    /// <summary>All errors in the order of the document, then of the lists.</summary>
    public IReadOnlyList<GraphQLError> Errors()
    {
        if (_errors.Count == 0)
            return [];
        var errors = _errors.Select((e, i) => (Error: e, Index: i)).OrderBy(e => First(e.Error).Line).ThenBy(e => First(e.Error).Column)
            .ThenBy(e => e.Error.Path, Comparer<IReadOnlyList<object>?>.Create(ComparePaths)).ThenBy(e => e.Index).Select(e => e.Error).ToList();
        if (_leftOut > 0)
            errors.Add(new GraphQLError($"{_leftOut} more errors are not listed.") { Code = ErrorCodes.ResponseTooLarge });
        return errors;
    }

    /// <summary>Section 6.4.4: nulls rise to the nearest place that may be null. Returns whether the root's data itself is null.</summary>
    public bool PropagateNulls()
    {
        var dataIsNull = false;
        foreach (var (column, slot) in _violations)
            dataIsNull |= Propagate(column, slot);
        return dataIsNull;
    }

    private static bool Propagate(Column column, int slot)
    {
        while (true)
        {
            column.SetNull(slot);
            if (!column.IsNonNull)
                return false;
            if (column.Container is { } list)
                (column, slot) = (list, list.ListOf(slot));
            else if (column.Owner.Source is { } source)
                (column, slot) = (source, column.Owner.SourceSlots[slot]);
            else
                return true;
        }
    }

    private GraphQLError Masked(Exception exception, Column column, int slot)
    {
        lock (_lock)
        {
            if (!_reported.TryGetValue(exception, out var id))
            {
                _reported[exception] = id = UnexpectedError.Report(
                    report,
                    exception,
                    $"{column.Field.ParentType.Name}.{column.Field.Definition.Name}",
                    column.Path(slot));
            }

            return UnexpectedError.Masked(id);
        }
    }

    private static SourceLocation First(GraphQLError error) => error.Locations.Count > 0 ? error.Locations[0] : default;

    private static int ComparePaths(IReadOnlyList<object>? a, IReadOnlyList<object>? b)
    {
        for (var i = 0; i < Math.Min(a?.Count ?? 0, b?.Count ?? 0); i++)
            if (a![i] is int x && b![i] is int y && x != y)
                return x.CompareTo(y);
        return 0;
    }
}
