using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Sqlite.Query.Internal;

namespace CrmGraph.Data.Database.Sqlite;

#pragma warning disable EF1001, EF9100 // The provider's own context, in one thing different.
/// <summary>How EF makes queries for SQLite, those that are only translated by <see cref="TranslatedQuery"/>.</summary>
internal sealed class SqliteQueries(QueryCompilationContextDependencies dependencies, RelationalQueryCompilationContextDependencies relational)
    : IQueryCompilationContextFactory
{
    public QueryCompilationContext Create(bool async) =>
        async ? new SqliteQueryCompilationContext(dependencies, relational, async) : new Translation(dependencies, relational);

    public QueryCompilationContext CreatePrecompiled(bool async) => new SqliteQueryCompilationContext(dependencies, relational, async, precompiling: true);

    private sealed class Translation(QueryCompilationContextDependencies dependencies, RelationalQueryCompilationContextDependencies relational)
        : SqliteQueryCompilationContext(dependencies, relational, async: false)
    {
        public override Func<QueryContext, TResult> CreateQueryExecutor<TResult>(Expression query) => TranslatedQuery.Is<TResult>()
            ? TranslatedQuery.Executor(CreateQueryExecutorExpression<TResult>(query), Dependencies.LiftableConstantProcessor, SupportsPrecompiledQuery)
            : base.CreateQueryExecutor<TResult>(query);
    }
}
