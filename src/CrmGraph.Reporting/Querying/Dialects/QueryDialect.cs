using CrmGraph.Data.Database;
using CrmGraph.Data.Database.Postgres;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Sorting;

namespace CrmGraph.Reporting.Querying.Dialects;

/// <summary>What lists of several parents write otherwise for one database than for the other.</summary>
internal abstract class QueryDialect
{
    private static readonly QueryDialect Postgres = new PostgresDialect();
    private static readonly QueryDialect Sqlite = new SqliteDialect();

    public static QueryDialect Of(DatabaseEngine engine) => engine is PostgresEngine ? Postgres : Sqlite;

    /// <summary>Whether a list's statement may bring the lists below its rows: where a subquery may depend on the row beside it.</summary>
    public abstract bool NestsLists { get; }

    /// <summary>The first rows (as <paramref name="first"/> orders and takes them) of every parent, in one statement that reads no table whole.</summary>
    public abstract IQueryable<RelatedPair<T>> FirstPerParent<T>(
        IQueryable<ParentKey> parents, RelatedRows<T> related, Func<IQueryable<T>, IQueryable<T>> first, IReadOnlyList<SortKey> order, bool reversed);

    /// <summary>Keys as the values of <see cref="KeyRows"/>.</summary>
    public abstract object[] KeyValues(IReadOnlyList<ParentKey> keys);

    /// <summary>Keys as rows that a query can join. The parameters have the names of a prepared statement's first values.</summary>
    public abstract IQueryable<ParentKey> KeyRows(CrmDbContext database, object[] values);
}
