using System.Reflection;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Paging;

namespace CrmGraph.Reporting.Querying.Aggregates;

/// <summary>
/// Makes a field with counts, totals and distinct values of rows, by group, of a method of the query type that returns an <see cref="IQueryable{T}"/>.
/// The argument <c>where</c> comes from <c>[UseFiltering]</c>.
/// </summary>
public sealed class UseAggregatesAttribute : FieldAttribute
{
    public override int Order => 300;

    public override void Configure(FieldBuilder field, ITypeRegistry types)
    {
        var row = QueryableField.RowType(field);
        var source = (IAggregateTypes)Activator.CreateInstance(typeof(AggregateTypes<>).MakeGenericType(row), (MethodInfo)field.Member, types)!;
        field.Type = new NonNullType(source.Type);
        field.ResultClrType = typeof(AggregateScope);
        field.Directives.Add(CostDirectives.Cost(QueryCosts.Statement));
        // Its fields read, by the same arguments.
        field.Resolver = context => new([new AggregateScope(UseSearchAttribute.Filter(context.Arguments, context.Field))]);
    }
}

/// <summary>Which rows the fields of an aggregation are of.</summary>
internal sealed record AggregateScope(InputObject? Where);
