using System.Data.Common;
using CrmGraph.GraphQL.Execution;
using CrmGraph.Reporting.Database;

namespace CrmGraph.Reporting.Statements;

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

    /// <summary>Reads a result whose levels these are, from above to below.</summary>
    public static async ValueTask ReadAsync(DbDataReader reader, DatabaseEngine engine, IReadOnlyList<LevelRows> levels, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var goesOn = true;
            for (var i = 0; i < levels.Count; i++)
            {
                if (i > 0 && levels[i].IsMissing(reader))
                    break;
                if (i < levels.Count - 1 && levels[i].GoesOn(engine, reader, ref goesOn))
                    continue;
                levels[i].Add(engine, reader);
                if (i > 0)
                    levels[i].Parents.Add(levels[i - 1].Count - 1);
            }
        }
    }

    // Below a row that is none there is none either.
    private bool IsMissing(DbDataReader reader) => reader.IsDBNull(level.Id);

    /// <summary>Whether the row is the last one still; not under another row above.</summary>
    private bool GoesOn(DatabaseEngine engine, DbDataReader reader, ref bool goesOn)
    {
        var id = engine.ReadGuid(reader, level.Id);
        goesOn = goesOn && Count > 0 && id == _last;
        _last = id;
        return goesOn;
    }

    private void Add(DatabaseEngine engine, DbDataReader reader)
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
