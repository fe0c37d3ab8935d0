using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Data.Database.Postgres;

/// <summary>
/// Sums of 64-bit numbers that do not fit stop at the largest or the smallest number. An error would end the transaction, and with it the moment
/// that a request reads.
/// </summary>
internal sealed class PostgresSums(ISqlExpressionFactory sql) : IAggregateMethodCallTranslator
{
    public static void Use(DbContextOptionsBuilder builder) => ((IDbContextOptionsBuilderInfrastructure)builder).AddOrUpdateExtension(new Extension());

    public SqlExpression? Translate(
        MethodInfo method,
        EnumerableExpression source,
        IReadOnlyList<SqlExpression> arguments,
        IDiagnosticsLogger<DbLoggerCategory.Query> logger)
    {
        if (method.DeclaringType != typeof(Queryable) || method.Name != nameof(Queryable.Sum)
            || source is not { Selector: SqlExpression summed, IsDistinct: false, Orderings.Count: 0 }
            || summed.Type != typeof(long))
            return null;
        var filtered = source.Predicate is { } predicate ? sql.Case([new CaseWhenClause(predicate, summed)], null) : summed;
        var sum = Call("sum", filtered);
        return sql.Convert(
            Call("least", Call("greatest", sum, sql.Constant((decimal)long.MinValue)), sql.Constant((decimal)long.MaxValue)),
            typeof(long),
            summed.TypeMapping);
    }

    private SqlExpression Call(string name, params SqlExpression[] arguments) =>
        sql.Function(name, arguments, nullable: true, argumentsPropagateNullability: arguments.Select(_ => false), typeof(decimal));

    private sealed class Plugin(ISqlExpressionFactory sql) : IAggregateMethodCallTranslatorPlugin
    {
        public IEnumerable<IAggregateMethodCallTranslator> Translators { get; } = [new PostgresSums(sql)];
    }

    private sealed class Extension : IDbContextOptionsExtension
    {
        public DbContextOptionsExtensionInfo Info => new Named(this);

        public void ApplyServices(IServiceCollection services)
            => new EntityFrameworkRelationalServicesBuilder(services).TryAdd<IAggregateMethodCallTranslatorPlugin, Plugin>();

        public void Validate(IDbContextOptions options)
        {
        }

        private sealed class Named(IDbContextOptionsExtension extension) : DbContextOptionsExtensionInfo(extension)
        {
            public override bool IsDatabaseProvider => false;
            public override string LogFragment => "";

            public override int GetServiceProviderHashCode() => 0;

            public override bool ShouldUseSameServiceProvider(DbContextOptionsExtensionInfo other) => other is Named;

            public override void PopulateDebugInfo(IDictionary<string, string> debugInfo)
            {
            }
        }
    }
}
