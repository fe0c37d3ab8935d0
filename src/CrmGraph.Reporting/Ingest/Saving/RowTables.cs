using System.Collections.Concurrent;
using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Ingest.Saving;

/// <summary>The tables of one database, each described once.</summary>
internal sealed class RowTables
{
    private readonly ConcurrentDictionary<Type, object> _tables = new();

    public RowTable<T> Of<T>(CrmDbContext context) where T : class => (RowTable<T>)_tables.GetOrAdd(typeof(T), (_, c) => new RowTable<T>(c), context);
}
