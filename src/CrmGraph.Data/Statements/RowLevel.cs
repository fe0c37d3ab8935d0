using System.Data.Common;
using CrmGraph.Data.Database;
using CrmGraph.GraphQL.Execution.Columns;

namespace CrmGraph.Data.Statements;

/// <summary>
/// The columns of one entity's rows in a result. Where a result has several levels, each of its rows has a row of every one, in an order in which
/// equal rows of the upper levels follow each other.
/// </summary>
/// <param name="First">The first column; the others follow.</param>
/// <param name="Id">The column of the id that tells rows of this level apart; -1 where it is the only level.</param>
internal sealed record RowLevel(EntityReader Reader, int First, (ColumnKind Kind, bool IsNullable)[] Kinds, int Id);

/// <summary>The rows of a level while they are read.</summary>
internal sealed class LevelRows(RowLevel level, int expected)
{
    private readonly RowColumn[] _columns = Array.ConvertAll(level.Kinds, k => k.Kind.Make(expected));
    private Guid _last;

    public int Count { get; private set; }
    /// <summary>The row of the level above to which each belongs.</summary>
    public List<int> Parents { get; } = [];

    public EntityTable Table() => level.Reader.Table(_columns, Count);

    /// <summary>Where the rows of each row above begin, and behind the last where they end.</summary>
    public int[] Starts(int above)
    {
        var starts = new int[above + 1];
        foreach (var parent in Parents)
            starts[parent + 1]++;
        for (var i = 1; i < starts.Length; i++)
            starts[i] += starts[i - 1];
        return starts;
    }

    // Below a row that is none there is none either.
    public bool IsMissing(DbDataReader reader) => reader.IsDBNull(level.Id);

    /// <summary>Whether the row is the last one still; not under another row above.</summary>
    public bool GoesOn(DatabaseEngine engine, DbDataReader reader, ref bool goesOn)
    {
        var id = engine.ReadGuid(reader, level.Id);
        goesOn = goesOn && Count > 0 && id == _last;
        _last = id;
        return goesOn;
    }

    public void Add(DatabaseEngine engine, DbDataReader reader)
    {
        Count++;
        for (var i = 0; i < _columns.Length; i++)
        {
            var (kind, isNullable) = level.Kinds[i];
            if (isNullable && reader.IsDBNull(level.First + i))
                kind.AddNull(_columns[i]);
            else
                kind.Read(engine, reader, level.First + i, _columns[i]);
        }
    }
}

/// <summary>A result of one or several levels, from above to below, read into their rows.</summary>
/// <param name="width">The number of columns.</param>
internal sealed class LevelResult(LevelRows[] levels, int width) : IStatementResult
{
    public async ValueTask<bool> ReadAsync(PreparedStatement statement, DbDataReader reader, DatabaseEngine engine, CancellationToken cancellationToken)
    {
        if (!statement.Fits(reader, width))
            return false;
        while (await reader.ReadAsync(cancellationToken))
        {
            var goesOn = true;
            for (var i = 0; i < levels.Length; i++)
            {
                if (i > 0 && levels[i].IsMissing(reader))
                    break;
                if (i < levels.Length - 1 && levels[i].GoesOn(engine, reader, ref goesOn))
                    continue;
                levels[i].Add(engine, reader);
                if (i > 0)
                    levels[i].Parents.Add(levels[i - 1].Count - 1);
            }
        }

        return true;
    }
}
