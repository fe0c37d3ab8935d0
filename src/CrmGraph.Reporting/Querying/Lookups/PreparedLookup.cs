using System.Linq.Expressions;
using CrmGraph.Data.Statements;
using CrmGraph.GraphQL.Execution.Columns;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Querying.Lookups;

/// <summary>Finds the rows that parents name by prepared statements, with the properties that the selection needs.</summary>
internal static class PreparedLookup
{
    // Where the SQL has a parameter per id, every number of ids is a statement of its own.
    private const int IdsByLength = 20;
    private const int IdsPerStatement = 10_000;

    /// <summary>A row for each id, null where there is no id or no row.</summary>
    /// <param name="rows">Asked only when a statement has to be made.</param>
    /// <param name="key">The property by which rows are found.</param>
    /// <param name="needed">The properties of the rows that the field's selection needs; null for all.</param>
    /// <param name="isAll">The field reads nothing else.</param>
    public static Task<IReadOnlyList<T?>> ReadAsync<T>(
        Guid?[] wanted, Func<ResolverContext, IQueryable<T>> rows, string key, Func<RowNeeds, IReadOnlyList<string>?> needed, ResolverContext context,
        bool isAll) where T : class
    {
        Task<IReadOnlyList<T?>> Otherwise() => BatchLookup.OneAsync(wanted, id => id, rows(context), GuidProperty.Expression<T>(key),
            context.CancellationToken);
        if (context.HostServices.GetService<StatementCache>() is not { } statements
            || context.PerPlan(c => new LookupPlan<T>(statements.Reader<T>(needed(c.Needs())))).Reader is not { } reader)
            return Otherwise();
        var ids = Distinct(wanted);
        if (ids.Length == 0 || ids.Length > (statements.Engine.ListsByLength ? IdsByLength : IdsPerStatement))
            return Otherwise();
        var caller = context.State.Require<Caller>();
        var shape = statements.Shape();
        // A single id is compared: for a list the database plans anew each time, since it does not know how long it will be.
        object sought = ids is [var only] ? only : ids;
        shape.Value(null, null, sought, sought.GetType());
        shape.Word("lookup").Word(context.ParentType.Name).Word(context.Field.Name).Word(reader.Key).Caller(caller);
        if (!statements.Find(shape, out var statement))
            statement = Prepare(shape, rows(context), sought, GuidProperty.Expression<T>(key), reader, statements);
        if (statement?.Form is not LookupForm form)
            return Otherwise();
        var connection = StatementConnection.Of(context, statements.Engine);
        return ReadAsync(new LevelRows(form.Level, ids.Length));

        async Task<IReadOnlyList<T?>> ReadAsync(LevelRows read)
        {
            var result = new LevelResult([read], form.Level.Kinds.Length);
            if (!await connection.RunAsync(statement, shape.Values, result, isAll ? 0 : null, context.CancellationToken))
            {
                statements.Refuse(shape);
                return await Otherwise();
            }

            var table = (EntityTable<T>)read.Table();
            return new RowList<T>(table, Places(wanted, (RowColumn<Guid>)table.Column(form.Key), table.Count));
        }
    }

    private static PreparedStatement? Prepare<T>(
        ExpressionShape shape,
        IQueryable<T> rows,
        object sought,
        Expression<Func<T, Guid>> key,
        EntityReader<T> reader,
        StatementCache statements) where T : class
    {
        var columns = new ResultColumns();
        var row = key.Parameters[0];
        columns.Add(reader, row);
        var place = columns.Place(key.Body);
        if (columns.Of(rows.Where(sought is Guid[] ids ? BatchLookup.In(key, ids) : BatchLookup.Is(key, sought)), row) is { } query)
            return statements.Prepare(shape, query, new LookupForm(new(reader, 0, columns.KindsFrom(0), -1), place));
        statements.Refuse(shape);
        return null;
    }

    private static Guid[] Distinct(Guid?[] wanted)
    {
        if (wanted is [{ } only])
            return [only];
        var ids = new HashSet<Guid>(wanted.Length);
        foreach (var id in wanted)
            if (id is { } known)
                ids.Add(known);
        return [.. ids];
    }

    private static int[] Places(Guid?[] wanted, RowColumn<Guid> keys, int count)
    {
        var places = new int[wanted.Length];
        if (wanted.Length == 1)
        {
            places[0] = count > 0 ? 0 : -1;
            return places;
        }

        var rowOf = new Dictionary<Guid, int>(count);
        for (var row = 0; row < count; row++)
            rowOf[keys[row]] = row;
        for (var i = 0; i < places.Length; i++)
            places[i] = wanted[i] is { } id && rowOf.TryGetValue(id, out var row) ? row : -1;
        return places;
    }
}

/// <summary>How the rows of a lookup are read: as far as the field's own selection needs them, whole where the field makes something else of them.</summary>
internal sealed record LookupPlan<T>(EntityReader<T>? Reader) where T : class;

/// <summary>How the result of a lookup is read.</summary>
/// <param name="Key">The column by which rows are found.</param>
internal sealed record LookupForm(RowLevel Level, int Key);
