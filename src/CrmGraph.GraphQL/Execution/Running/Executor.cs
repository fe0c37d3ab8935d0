using CrmGraph.GraphQL.Execution.Columns;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Execution.Running;

/// <summary>
/// Executes one operation (section 6.3), a level at a time: each field once for all objects of its level. The fields of a group run at
/// the same time where they wait for something; the root fields of a mutation run one after the other with all that is below them.
/// </summary>
internal sealed class Executor(OperationRun run, ErrorLog errors, RequestState state, CancellationToken cancellationToken)
{
    private readonly int _mostObjects = run.Limits.ResponseObjects;
    private int _objects;
    private ReadScopes? _reads;

    public PlanVariant Plan { get; } = run.Plan;
    public IReadOnlyDictionary<string, object?> Variables { get; } = run.Variables;
    public RequestState State { get; } = state;
    public IServiceProvider Services { get; } = run.Services;
    public CancellationToken CancellationToken { get; } = cancellationToken;
    public ErrorLog Errors { get; } = errors;
    public StatementTally? Tally { get; } = run.Tally;

    /// <summary>The root group, all columns filled.</summary>
    public async ValueTask<ObjectGroup> ExecuteAsync(object? rootValue, bool inTurn)
    {
        var root = ObjectGroup.Root(Plan.Root, rootValue);
        var factory = Services.GetService(typeof(ReadScopesFactory)) as ReadScopesFactory;
        if (!inTurn)
        {
            await using var reads = _reads = factory?.Invoke(Plan.Reads);
            await ExecuteGroupAsync(root);
            return root;
        }

        for (var i = 0; i < root.Columns.Length; i++)
        {
            await using var reads = _reads = factory?.Invoke(PlannedReads.Below(Plan.Plan.Schema, root.Selection.Fields[i]));
            await ExecuteFieldAsync(root, i);
        }

        return root;
    }

    /// <summary>Throws when the response has more objects and list items than allowed.</summary>
    public void Count(int more)
    {
        if (Interlocked.Add(ref _objects, more) > _mostObjects)
            throw new ResponseTooLargeException(_mostObjects);
    }

    private ValueTask ExecuteGroupAsync(ObjectGroup group)
    {
        List<Task>? running = null;
        for (var i = 0; i < group.Columns.Length; i++)
        {
            var field = ExecuteFieldAsync(group, i);
            if (field.IsCompletedSuccessfully)
                continue;
            (running ??= []).Add(field.AsTask());
        }

        return running switch
        {
            null => default,
            [var one] => new(one),
            _ => new(Task.WhenAll(running)),
        };
    }

    private ValueTask ExecuteFieldAsync(ObjectGroup group, int index)
    {
        var field = group.Selection.Fields[index];
        if (field.IsTypename)
        {
            group.Columns[index] = new TypenameColumn(field, group);
            return default;
        }

        if (field.Definition.Reader is not { } reader || group.Source is null)
            return ResolveAsync(group, index, field);
        if (group.Table is { } table && FromTable(group, index, field, reader, table))
            return default;
        if (LeafWriters.TryReader(field, group, reader) is { } column)
        {
            group.Columns[index] = column;
            if (column.IsNonNull && LeafWriters.CanBeNull(reader))
                FindNulls(column, reader);
            return default;
        }

        return CompleteAsync(group, index, field, Read(group.Values, reader));
    }

    private bool FromTable(ObjectGroup group, int index, PlannedField field, FieldReader reader, ColumnarTable table)
    {
        if ((reader as ITableReader)?.FromTable(field, group, table) is not { } column)
        {
            RequireColumns(field, reader.Properties, table);
            return false;
        }

        group.Columns[index] = column;
        if (column.IsNonNull && table.Source(reader) is { HasNulls: true } source)
            for (var i = 0; i < group.Count; i++)
                if (source.IsNull(group.RowOf(i)))
                    Errors.NullInNonNull(column, i);
        return true;
    }

    /// <summary>An object that was made of a row has only the properties that were read.</summary>
    private static void RequireColumns(PlannedField field, IReadOnlyList<string>? properties, ColumnarTable table)
    {
        if (properties is null ? !table.IsWhole : properties.Any(p => table.IndexOf(p) < 0))
            throw new InvalidOperationException(
                $"{field.ParentType.Name}.{field.Definition.Name} needs properties that were not read: {string.Join(", ", properties ?? ["all"])}.");
    }

    private void FindNulls(Column column, FieldReader reader)
    {
        var values = column.Owner.Values;
        for (var i = 0; i < values.Count; i++)
            if (reader.Read(values[i]!) is null)
                Errors.NullInNonNull(column, i);
    }

    private static object?[] Read(List<object?> parents, FieldReader reader)
    {
        var values = new object?[parents.Count];
        for (var i = 0; i < values.Length; i++)
        {
            try
            {
                values[i] = reader.Read(parents[i]!);
            }
            catch (Exception e)
            {
                values[i] = e;
            }
        }

        return values;
    }

    private async ValueTask ResolveAsync(ObjectGroup group, int index, PlannedField field)
    {
        CancellationToken.ThrowIfCancellationRequested();
        if (group.Table is { } table)
            RequireColumns(field, field.Definition.ParentProperties, table);
        var context = new FieldContext(this, field, group);
        try
        {
            IReadOnlyList<object?> values;
            try
            {
                _ = context.Arguments;
                if (_reads is { } reads && field.Definition.Reads > 0 && !IsWrite(group) && group.Table?.Related(field.Definition.Name) is null)
                    await context.EnterAsync(reads);
                values = field.Definition.Resolver is { } resolver ? await resolver(context)
                    : field.Definition.Subscribe is not null && group.Source is null ? group.Values
                    : DefaultResolver.Resolve(field.Definition.Name, group.Values);
                if (values.Count != group.Count)
                    throw new InvalidOperationException(
                        $"{field.ParentType.Name}.{field.Definition.Name} returned {values.Count} results for {group.Count} parents.");
                if (field.Definition.Type.Nullable is ListType)
                    values = await Streams.DrainAsync(values, _mostObjects, CancellationToken);
            }
            catch (Exception e) when (!IsAbort(e))
            {
                values = [.. Enumerable.Repeat<object?>(e, group.Count)];
            }

            // Lists that are read only now still need the services of the field.
            Complete(group, index, field, values);
        }
        finally
        {
            await context.DisposeAsync();
        }

        await ExecuteBelowAsync(group.Columns[index]);
    }

    // Asynchronous so that what it throws is awaited together with the fields that already run.
    private async ValueTask CompleteAsync(ObjectGroup group, int index, PlannedField field, IReadOnlyList<object?> values)
    {
        Complete(group, index, field, values);
        await ExecuteBelowAsync(group.Columns[index]);
    }

    private void Complete(ObjectGroup group, int index, PlannedField field, IReadOnlyList<object?> values) =>
        group.Columns[index] = CompleteValue.Complete(this, field, group, values);

    private ValueTask ExecuteBelowAsync(Column column)
    {
        while (column is ListColumn list)
            column = list.Items;
        return column switch
        {
            ObjectColumn { Group: var only } => only.Count == 0 ? default : ExecuteGroupAsync(only),
            AbstractColumn { Groups.Count: > 0 } several => ExecuteGroupsAsync(several.Groups),
            _ => default,
        };
    }

    private async ValueTask ExecuteGroupsAsync(List<ObjectGroup> groups)
    {
        foreach (var group in groups)
            await ExecuteGroupAsync(group);
    }

    private bool IsWrite(ObjectGroup group) => group.Source is null && Plan.Plan.Operation.Operation == OperationKind.Mutation;

    private bool IsAbort(Exception e) => e is ResponseTooLargeException || (e is OperationCanceledException && CancellationToken.IsCancellationRequested);
}

/// <summary>Fields without a resolver: the entry of this name of a dictionary.</summary>
internal static class DefaultResolver
{
    public static IReadOnlyList<object?> Resolve(string name, List<object?> parents)
    {
        var values = new object?[parents.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = parents[i] is IReadOnlyDictionary<string, object?> map ? map.GetValueOrDefault(name) : null;
        return values;
    }
}
