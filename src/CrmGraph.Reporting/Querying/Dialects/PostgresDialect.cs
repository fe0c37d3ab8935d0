using CrmGraph.Data.Model;
using CrmGraph.Data.Statements;
using CrmGraph.Reporting.Querying.Sorting;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CrmGraph.Reporting.Querying.Dialects;

internal sealed class PostgresDialect : QueryDialect
{
    public override bool NestsLists => true;

    public override IQueryable<RelatedPair<T>> FirstPerParent<T>(
        IQueryable<ParentKey> parents, RelatedRows<T> related, Func<IQueryable<T>, IQueryable<T>> first, IReadOnlyList<SortKey> order, bool reversed) =>
        Dialects.FirstPerParent.Lateral(parents, related, first, order, reversed);

    public override object[] KeyValues(IReadOnlyList<ParentKey> keys) => [keys.Select(k => k.CustomerId).ToArray(), keys.Select(k => k.Id).ToArray()];

    public override IQueryable<ParentKey> KeyRows(CrmDbContext database, object[] values) => database.Database.SqlQueryRaw<ParentKey>(
        """select * from unnest(@v0_, @v1_) as p ("CustomerId", "Id")""",
        new NpgsqlParameter(SlotValues.NameOf(0), values[0]),
        new NpgsqlParameter(SlotValues.NameOf(1), values[1]));
}
