using System.Data.Common;

namespace CrmGraph.Data.Database.Moments;

/// <summary>A connection that reads one state of the data, for one user at a time. Its transaction begins when it is first asked for: who reads but once needs none.</summary>
internal sealed class ReadTransaction
{
    private readonly Func<DbConnection, DbTransaction>? _begin;
    private DbTransaction? _begun;

    public ReadTransaction(DbConnection connection, Func<DbConnection, DbTransaction> begin) => (Connection, _begin) = (connection, begin);

    public ReadTransaction(DbConnection connection, DbTransaction begun) => (Connection, _begun) = (connection, begun);

    public DbConnection Connection { get; }
    public DbTransaction Transaction => _begun ??= _begin!(Connection);
    public bool HasBegun => _begun is not null;
}
