using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.Data.Statements;
using CrmGraph.Reporting.Querying.Sorting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Querying.Dialects;

internal sealed class SqliteDialect : QueryDialect
{
    public override bool NestsLists => false;

    public override IQueryable<RelatedPair<T>> FirstPerParent<T>(
        IQueryable<ParentKey> parents, RelatedRows<T> related, Func<IQueryable<T>, IQueryable<T>> first, IReadOnlyList<SortKey> order, bool reversed) =>
        Dialects.FirstPerParent.Windowed(parents, related, first, order, reversed);

    public override object[] KeyValues(IReadOnlyList<ParentKey> keys) => [JsonSerializer.Serialize(keys.Select(k => new[] { Hex(k.CustomerId), Hex(k.Id) }))];

    public override IQueryable<ParentKey> KeyRows(CrmDbContext database, object[] values) => database.Database.SqlQueryRaw<ParentKey>(
        """select unhex(value ->> 0) as "CustomerId", unhex(value ->> 1) as "Id" from json_each(@v0_)""",
        new SqliteParameter("@" + SlotValues.NameOf(0), values[0]));

    private static string Hex(Guid id) => Convert.ToHexString(id.ToByteArray(bigEndian: true));
}
