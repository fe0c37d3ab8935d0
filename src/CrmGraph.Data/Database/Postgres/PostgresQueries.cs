using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query;
using Npgsql.EntityFrameworkCore.PostgreSQL.Query.Internal;

namespace CrmGraph.Data.Database.Postgres;

#pragma warning disable EF1001, EF9100 // The provider's own context, in one thing different.
/// <summary>How EF makes queries for PostgreSQL, those that are only translated by <see cref="TranslatedQuery"/>.</summary>
internal sealed class PostgresQueries(QueryCompilationContextDependencies dependencies, RelationalQueryCompilationContextDependencies relational)
    : IQueryCompilationContextFactory
{
    public QueryCompilationContext Create(bool async) =>
        async ? new NpgsqlQueryCompilationContext(dependencies, relational, async) : new Translation(dependencies, relational);

    public QueryCompilationContext CreatePrecompiled(bool async) => new NpgsqlQueryCompilationContext(dependencies, relational, async, precompiling: true);

    private sealed class Translation(QueryCompilationContextDependencies dependencies, RelationalQueryCompilationContextDependencies relational)
        : NpgsqlQueryCompilationContext(dependencies, relational, async: false)
    {
        public override Func<QueryContext, TResult> CreateQueryExecutor<TResult>(Expression query) => TranslatedQuery.Is<TResult>()
            ? TranslatedQuery.Executor(CreateQueryExecutorExpression<TResult>(query), Dependencies.LiftableConstantProcessor, SupportsPrecompiledQuery)
            : base.CreateQueryExecutor<TResult>(query);
    }
}
